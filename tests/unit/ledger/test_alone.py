"""The verifier that a company runs alone: whatever is done to its chain, it is found."""

import ast
import gzip
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import chain, export, head_texts, heads
from ledger.alone import illico_verify as alone
from ledger.heads import GivenHead, PublicKey, SignedHead
from ledger.keys import SigningKey
from ledger.model import CompanyId, Event, EventId, Head

COMPANY = CompanyId("telecom")
KEY = SigningKey.made()
KEYS = (PublicKey(KEY.public, 1, b""),)
LENGTH = 9
PLACES = (3, 6, 8)
"""Where heads were given."""
FILE = Path(alone.__file__)


def an_event(number, **facts):
    return Event(
        event_id=EventId(f"e{number}"),
        kind="call_queued",
        at_us=1_795_334_400_000_000 + number,
        pool="fr",
        company=COMPANY,
        facts={"agent": "agent-7", "wait_ms": number, **facts},
    )


def links_after(start, numbers, **facts):
    events = [an_event(number, **facts) for number in numbers]
    links, _ = chain.extend(start, events, lambda: "5a" * 32)
    return links


def given_of(links, key=KEY, places=PLACES):
    """Sign the heads of these links, as a ledger does day by day."""
    signed, previous = [], heads.before_the_first(COMPANY)
    for day, place in enumerate(places, 1):
        digest = links[place - 1].digest
        day_name = f"2026-11-{day:02}"
        head = GivenHead(COMPANY, day_name, place, digest, previous, key.id)
        signed.append(SignedHead(head, key.sign(heads.words_of(head))))
        previous = heads.digest_of(head)
    return signed


def exported(links, given_out=(), keys=KEYS, first=1):
    """The lines of an export, made as the ledger makes it."""
    start = chain.genesis(COMPANY)
    if first > 1:
        start = Head(COMPANY, first - 1, links[first - 2].digest)
    end = Head(COMPANY, links[-1].position, links[-1].digest)
    lines = [export.first_line(start, given_out, keys)]
    lines += [export.link_line(one.body, one.digest) for one in links[first - 1 :]]
    return [line.encode() for line in [*lines, export.last_line(end)]]


def kept(given_out, keys=KEYS):
    return alone.read_kept(head_texts.to_text(COMPANY, given_out, keys).encode())


def an_end(links, place, key=KEY, at_us=1_795_334_400_000_000):
    """Sign where the chain ended at a moment, as `illico ledger heads` does."""
    return key.sign_end(Head(COMPANY, place, links[place - 1].digest), at_us)


def kept_end(end, keys=KEYS):
    return alone.read_kept(head_texts.to_text(COMPANY, (), keys, end).encode())


WHOLE = links_after(chain.genesis(COMPANY), range(1, LENGTH + 1))
GIVEN = given_of(WHOLE)
LINES = exported(WHOLE, GIVEN)
MINE = kept(GIVEN)


def fault_of(lines, kept=MINE):
    with pytest.raises(alone.Fault) as found:
        alone.check(lines, kept)
    return found.value


def reordered(lines, order):
    return [lines[0], *(lines[1 + place] for place in order), lines[-1]]


def test_an_export_as_the_ledger_writes_it_holds():
    report = alone.check(LINES, MINE)

    assert (report.first, report.last) == (1, LENGTH)
    assert (report.kept, report.vouched) == (3, 8)
    assert report.digest == WHOLE[-1].digest.hex()


@pytest.mark.parametrize("first", range(1, LENGTH + 1))
def test_an_export_may_begin_anywhere(first):
    report = alone.check(exported(WHOLE, GIVEN, first=first), MINE)

    assert (report.first, report.last) == (first, LENGTH)


def test_it_tells_what_no_head_vouches_for():
    told = " ".join(alone.check(LINES, MINE).sentences)
    alone_told = " ".join(alone.check(LINES).sentences)

    assert "from link 9 on" in told
    assert "from link 1 on" in alone_told


@settings(deadline=None)
@given(st.integers(1, LENGTH), st.data())
def test_any_changed_letter_of_a_link_is_found_at_its_place(place, data):
    line = LINES[place].decode()
    spot = data.draw(st.integers(0, len(line) - 2))
    letter = data.draw(st.characters(min_codepoint=32, max_codepoint=126))
    changed = line[:spot] + letter + line[spot + 1 :]
    lines = [*LINES[:place], changed.encode(), *LINES[place + 1 :]]

    if changed == line:
        assert alone.check(lines, MINE).last == LENGTH
    else:
        assert fault_of(lines).link == place


@settings(deadline=None)
@given(st.integers(1, PLACES[-1]), st.booleans())
def test_an_event_that_was_changed_with_its_digest_is_placed(place, with_heads):
    start = WHOLE[place - 2] if place > 1 else None
    before = Head(COMPANY, place - 1, start.digest) if start else chain.genesis(COMPANY)
    forged = links_after(before, [place], reason="forged")
    links = [*WHOLE[: place - 1], *forged, *WHOLE[place:]]

    fault = fault_of(exported(links, GIVEN if with_heads else []))

    assert fault.first <= place <= fault.link
    assert fault.link in {place, place + 1}
    assert fault.first - 1 in {0, *PLACES}


@settings(deadline=None)
@given(st.integers(1, LENGTH))
def test_any_removed_event_is_found_at_its_place(place):
    assert fault_of([*LINES[:place], *LINES[place + 1 :]]).link == place


@settings(deadline=None)
@given(st.integers(0, LENGTH))
def test_any_inserted_event_is_found(place):
    start = WHOLE[place - 1] if place else None
    before = Head(COMPANY, place, start.digest) if start else chain.genesis(COMPANY)
    (forged,) = links_after(before, [99])
    line = export.link_line(forged.body, forged.digest).encode()

    fault = fault_of([*LINES[: place + 1], line, *LINES[place + 1 :]])

    assert fault.first <= place + 1 <= fault.link <= place + 2


@settings(deadline=None)
@given(st.permutations(range(LENGTH)))
def test_any_reordering_is_found_at_its_place(order):
    lines = reordered(LINES, order)

    if lines == LINES:
        assert alone.check(lines, MINE).last == LENGTH
    else:
        moved = next(place for place, one in enumerate(order) if place != one)
        assert fault_of(lines).link == moved + 1


@settings(deadline=None)
@given(st.integers(1, PLACES[-1]), st.booleans())
def test_a_chain_computed_anew_is_found_by_the_heads_that_were_kept(first, signs_anew):
    """The ledger's own people did it: they sign new heads with the right key."""
    start = chain.genesis(COMPANY)
    if first > 1:
        start = Head(COMPANY, first - 1, WHOLE[first - 2].digest)
    forged = links_after(start, range(100, 101 + LENGTH - first), reason="forged")
    links = [*WHOLE[: first - 1], *forged]
    lines = exported(links, given_of(links) if signs_anew else GIVEN)

    fault = fault_of(lines)

    if signs_anew:
        assert alone.check(lines).last == LENGTH, "without heads it looks whole"
    assert fault.link == min(place for place in PLACES if place >= first)
    assert fault.first <= first <= fault.link
    assert fault.first - 1 in {0, *PLACES}


@settings(deadline=None)
@given(st.integers(1, PLACES[-1] - 1), st.booleans())
def test_a_chain_cut_at_its_end_is_found_by_the_heads_that_were_kept(length, hides):
    """Heads behind the cut are hidden, too: what the company kept tells."""
    told = [one for one in GIVEN if not hides or one.head.position <= length]

    fault = fault_of(exported(WHOLE[:length], told))

    assert fault.link == length + 1
    assert "cut" in fault.what


def test_an_export_that_was_cut_in_the_file_is_found():
    assert fault_of(LINES[:-1]).link == LENGTH + 1
    assert fault_of(LINES[:4]).link == 4
    assert "follows the last" in fault_of([*LINES, LINES[-1]]).what


def test_two_heads_of_one_day_are_a_proof():
    """The chain holds, but another head was given to somebody else."""
    other = given_of(WHOLE, places=(3, 5, 8))

    fault = fault_of(exported(WHOLE, other))

    assert "two heads of 2026-11-02" in fault.what


def test_a_head_that_is_not_listed_any_more_is_missed():
    fault = fault_of(exported(WHOLE, GIVEN[:-1]))

    assert "2026-11-03" in fault.what


def test_a_head_that_was_left_out_and_signed_over_is_missed():
    assert (
        "which you kept" in fault_of(exported(WHOLE, given_of(WHOLE, KEY, (3,)))).what
    )


def test_heads_that_nobody_signed_are_found_without_any_kept():
    forged = [replace(one, signature=bytes(64)) for one in GIVEN]

    assert "not signed" in fault_of(exported(WHOLE, forged), []).what


def test_a_kept_head_that_nobody_signed_is_no_proof():
    forged = [replace(one, signature=bytes(64)) for one in GIVEN]

    with pytest.raises(alone.NoSuchFileError, match="2026-11-01"):
        alone.check(LINES, kept(forged))


def a_change(old, new, since_us=5):
    words = heads.change_words(old.id, new.public, since_us)
    return PublicKey(new.public, since_us, old.sign(words))


def test_a_new_key_that_the_old_one_announced_is_believed():
    new = SigningKey.made()
    keys = [*KEYS, a_change(KEY, new)]
    later = given_of(WHOLE, places=(3,))
    head = GivenHead(
        COMPANY,
        "2026-12-01",
        9,
        WHOLE[8].digest,
        heads.digest_of(later[0].head),
        new.id,
    )
    later.append(SignedHead(head, new.sign(heads.words_of(head))))

    assert alone.check(exported(WHOLE, later, keys), kept(later[:1])).vouched == 3
    assert alone.check(exported(WHOLE, later, keys), kept(later, keys)).vouched == 9


def test_a_key_that_nobody_announced_is_found_by_the_key_that_was_kept():
    thief = SigningKey.made()
    forged = given_of(WHOLE, key=thief)
    of_the_thief = PublicKey(thief.public, 1, b"")
    unannounced = PublicKey(thief.public, 5, thief.sign(b"me"))

    for keys in ([of_the_thief], [*KEYS, unannounced]):
        fault = fault_of(exported(WHOLE, forged, keys))
        assert "key" in fault.what


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b'{"illico_export":2}',
        b"[" * 5000,
        b'{"illico_export":1}',
        LINES[0].replace(b'"position":0', b'"position":-1'),
        LINES[0].replace(b'"position":0', b'"position":true'),
        LINES[0].replace(b'"day":"2026-11-01"', b'"day":20261101'),
        LINES[0].replace(b'"company":"telecom"', b'"company":7'),
        LINES[0].replace(b'"company":"telecom"', b'"company":"\\ud800"'),
        LINES[0].replace(b"{", b"{ ", 1),
        LINES[0].replace(GIVEN[0].signature.hex().encode(), b"zz"),
    ],
)
def test_what_is_no_export_is_refused(line):
    with pytest.raises(alone.NoSuchFileError):
        alone.check([line, *LINES[1:]], MINE)


@pytest.mark.parametrize(
    "body",
    [
        {"event_id": ["e1"]},
        {"position": True},
        {"position": "1"},
        {"position": 1.0},
        {"format": 2},
        {"more": 1},
        {"company": ["telecom"]},
        {"facts": {"x": 10**5000}},
    ],
)
def test_a_body_of_another_shape_is_a_bad_link(body):
    sys.set_int_max_str_digits(0)
    text = chain.canonical({**json.loads(WHOLE[0].body), **body})
    sys.set_int_max_str_digits(4300)
    digest = chain.digest_of(chain.genesis(COMPANY).digest, text)
    line = export.link_line(text, digest).encode()

    assert fault_of([LINES[0], line, *LINES[2:]]).link == 1


@pytest.mark.parametrize("text", [b"no", b"[]", b"{}", b"[" * 5000])
def test_what_is_no_file_of_heads_is_refused(text):
    with pytest.raises(alone.NoSuchFileError):
        alone.read_kept(text)


# ------------------------------------------------------------------------- Ed25519

RFC_8032 = [  # section 7.1: secret key, public key, message, signature
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_the_vectors_of_rfc_8032_hold(secret, public, message, signature):
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    given_key, words, signed = map(bytes.fromhex, (public, message, signature))

    assert key.public_key().public_bytes_raw() == given_key
    assert key.sign(words) == signed
    assert alone.is_signed(given_key, words, signed)
    assert not alone.is_signed(given_key, words + b"!", signed)


@settings(deadline=None, max_examples=25)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.data())
def test_signatures_of_the_library_hold_and_changed_ones_do_not(secret, words, data):
    key = Ed25519PrivateKey.from_private_bytes(secret)
    public, signature = key.public_key().public_bytes_raw(), key.sign(words)
    bit = data.draw(st.integers(0, 511))
    number = int.from_bytes(signature, "little") ^ (1 << bit)

    assert alone.is_signed(public, words, signature)
    assert not alone.is_signed(public, words, number.to_bytes(64, "little"))


def test_a_signature_with_the_order_added_is_refused_as_the_rfc_says():
    signature = KEY.sign(b"words")
    s = int.from_bytes(signature[32:], "little") + alone.ORDER

    doubled = signature[:32] + s.to_bytes(32, "little")

    assert alone.is_signed(KEY.public, b"words", signature)
    assert not alone.is_signed(KEY.public, b"words", doubled)


@pytest.mark.parametrize(
    ("public", "signature"),
    [
        (b"", bytes(64)),
        (bytes(32), b""),
        (b"\xff" * 32, bytes(64)),
        ((1 | 1 << 255).to_bytes(32, "little"), bytes(64)),
        ((2).to_bytes(32, "little"), bytes(64)),
    ],
)
def test_what_is_no_point_signs_nothing(public, signature):
    assert not alone.is_signed(public, b"words", signature)


# ------------------------------------------------------------------------- program


def run(*arguments):
    """Run the file as a company does: Python alone, nothing installed."""
    command = [sys.executable, "-I", "-S", str(FILE), *map(str, arguments)]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=30
    )


def test_an_end_that_was_kept_between_two_heads_finds_what_no_head_finds():
    mine = kept_end(an_end(WHOLE, 7))
    anew = exported(links_after(chain.genesis(COMPANY), range(1, 7), odd=1))

    assert alone.check(LINES, mine).vouched == 7
    with pytest.raises(alone.Fault, match="cut: the head of 2026-11-22 08:00 UTC"):
        alone.check(anew, mine)
    with pytest.raises(alone.Fault) as found:
        alone.check(
            exported(
                links_after(
                    Head(COMPANY, 0, chain.genesis(COMPANY).digest),
                    range(1, LENGTH + 1),
                    odd=1,
                )
            ),
            mine,
        )
    assert found.value.link == 7


def test_a_kept_end_that_nobody_signed_proves_nothing():
    forged = replace(an_end(WHOLE, 7), at_us=5)

    with pytest.raises(alone.NoSuchFileError, match="not signed"):
        alone.check(LINES, kept_end(forged))


def test_the_end_of_an_export_is_signed_where_the_key_is_at_hand():
    end = an_end(WHOLE, LENGTH)
    lines = [*LINES[:-1], export.last_line(end.end, end).encode()]

    assert alone.check(lines).signed == "2026-11-22 08:00 UTC"
    assert alone.check(LINES).signed is None
    for odd in (replace(end, at_us=5), an_end(WHOLE, LENGTH, SigningKey.made())):
        lines[-1] = export.last_line(end.end, odd).encode()
        with pytest.raises(alone.Fault, match="not signed by a key"):
            alone.check(lines)


@pytest.mark.parametrize(
    "signed", [{}, [], None, {"at_us": 10**30, "key": "", "signature": ""}]
)
def test_a_signature_that_is_none_ends_with_a_sentence(signed):
    place = {"position": LENGTH, "digest": WHOLE[-1].digest.hex()}
    last = chain.canonical({"end": place, "signed": signed}) + "\n"

    with pytest.raises(alone.Fault, match="cannot be read"):
        alone.check([*LINES[:-1], last.encode()])


@pytest.fixture
def files(tmp_path):
    export_file, heads_file = tmp_path / "export.jsonl", tmp_path / "heads.json"
    export_file.write_bytes(b"".join(LINES))
    heads_file.write_text(head_texts.to_text(COMPANY, GIVEN, KEYS))
    return export_file, heads_file


def test_a_company_runs_it_with_nothing_but_python(files):
    done = run(files[0], "--heads", files[1])

    assert (done.returncode, done.stderr) == (0, "")
    assert "links 1 to 9 hold" in done.stdout
    assert "up to link 8" in done.stdout


def test_it_names_the_first_bad_link_and_fails(files):
    lines = [*LINES[:5], *LINES[6:]]
    files[0].write_bytes(b"".join(lines))

    done = run(files[0], "--heads", files[1])
    as_json = run(files[0], "--json")

    assert done.returncode == 1
    assert "broken at link 5 (changed between 4 and it)" in done.stdout
    assert json.loads(as_json.stdout)["link"] == 5


def test_it_reads_a_compressed_export_and_notices_a_cut_one(files, tmp_path):
    packed = gzip.compress(b"".join(LINES))
    whole, cut = tmp_path / "a.gz", tmp_path / "b.gz"
    whole.write_bytes(packed)
    cut.write_bytes(packed[:-30])

    assert run(whole).returncode == 0
    assert run(cut).returncode == 1


def test_a_file_that_is_none_ends_with_a_sentence(files, tmp_path):
    for arguments in ((files[1],), (tmp_path / "no",), (files[0], "--heads", files[0])):
        done = run(*arguments)

        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert done.stderr.strip()


def test_it_knows_pythons_own_library_alone():
    tree = ast.parse(FILE.read_text())
    imported = [
        name.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
    ] + [
        (node.module or "").partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    ]

    assert {*imported} <= sys.stdlib_module_names
