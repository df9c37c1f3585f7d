"""Signed daily heads: who changes one, or leaves one out, is found."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from ledger import head_texts, heads
from ledger.errors import KeyUnusableError
from ledger.heads import GivenHead, PublicKey, SignedHead
from ledger.keys import SigningKey, is_signed
from ledger.model import CompanyId

COMPANY = CompanyId("telecom")
KEY = SigningKey.made()
KEYS = (PublicKey(KEY.public, 1, b""),)


def signed(head, key=KEY):
    return SignedHead(head, key.sign(heads.words_of(head)))


def some_heads(days=5, key=KEY, company=COMPANY):
    given_out, previous = [], heads.before_the_first(company)
    for day in range(1, days + 1):
        name, digest = f"2026-11-{day:02}", bytes([day]) * 32
        head = GivenHead(company, name, day * 10, digest, previous, key.id)
        given_out.append(signed(head, key))
        previous = heads.digest_of(head)
    return given_out


def faults(given_out, keys=KEYS):
    return [what for _, what in heads.faults(COMPANY, given_out, keys, is_signed)]


def test_heads_as_given_have_no_fault():
    assert faults(some_heads()) == []


@given(
    st.integers(0, 4),
    st.sampled_from(
        [
            {"day": "2026-11-30"},
            {"position": 7},
            {"digest": bytes(32)},
            {"previous": bytes(32)},
            {"company": CompanyId("assurance")},
            {"key": "0" * 16},
        ]
    ),
)
def test_a_changed_head_is_not_signed_any_more(place, change):
    given_out = some_heads()
    head = replace(given_out[place].head, **change)
    given_out[place] = replace(given_out[place], head=head)

    assert "is not signed by a key of ours" in faults(given_out)


@given(st.integers(0, 3))
def test_a_head_that_was_left_out_is_missed_by_the_next(place):
    given_out = some_heads()
    del given_out[place]

    assert "does not follow the head before it" in faults(given_out)


def test_a_head_signed_anew_is_missed_by_the_next():
    given_out = some_heads()
    given_out[1] = signed(replace(given_out[1].head, digest=bytes(32)))

    assert faults(given_out) == ["does not follow the head before it"]


def test_heads_never_go_back():
    first, second = some_heads(2)
    back = replace(second.head, position=first.head.position - 1)

    assert faults([first, signed(back)]) == ["goes back behind the head before it"]


def test_a_new_key_is_believed_when_the_old_one_says_so():
    new = SigningKey.made()
    words = heads.change_words(KEY.id, new.public, 9)
    honest = PublicKey(new.public, 9, KEY.sign(words))

    assert heads.unproven_keys([*KEYS, honest], is_signed) == []
    for forged in (
        replace(honest, since_us=10),
        replace(honest, public=SigningKey.made().public),
        replace(honest, signature=new.sign(words)),
        replace(honest, signature=b""),
    ):
        assert heads.unproven_keys([*KEYS, forged], is_signed) == [forged]


def test_heads_and_keys_come_back_from_their_text():
    text = head_texts.to_text(COMPANY, some_heads(), KEYS)

    kept = head_texts.read(text)

    assert (kept.company, list(kept.heads), kept.keys) == (COMPANY, some_heads(), KEYS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"illico_heads":2,"company":"a","heads":[],"keys":[]}',
        '{"illico_heads":1,"company":"a","heads":[],"keys":[{"public":"g","since_us":1,"signature":""}]}',
    ],
)
def test_what_is_no_file_of_heads_is_refused(text):
    with pytest.raises(ValueError):
        head_texts.read(text)


def test_a_key_comes_back_from_its_file(tmp_path):
    file = tmp_path / "key.pem"
    file.write_text(KEY.pem())

    assert SigningKey.read(file).id == KEY.id


def a_key_of_another_kind():
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@pytest.mark.parametrize("content", [None, b"", b"no key", a_key_of_another_kind()])
def test_a_file_without_a_key_of_ours_is_refused_by_its_name(tmp_path, content):
    file = tmp_path / "key.pem"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(KeyUnusableError, match=r"key\.pem"):
        SigningKey.read(file)
