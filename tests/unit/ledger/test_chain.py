"""A chain: what is written once, and that nothing in it can be changed unseen."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import chain
from ledger.model import CompanyId, Erasable, Event, EventId, Head, Link
from ledger.verify import Walk, verify

COMPANY = CompanyId("telecom")
SALT = "5a" * 32

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
)
facts = st.dictionaries(
    st.sampled_from(["reason", "wait_ms", "agent", "comment", "topic"]),
    scalars,
    max_size=4,
)


def an_event(number=1, company=COMPANY, **facts) -> Event:
    return Event(
        event_id=EventId(f"e{number}"),
        kind="call_queued",
        at_us=1_795_334_400_000_000 + number,
        pool="fr",
        company=company,
        facts=facts,
    )


def a_chain(events) -> tuple[list[Link], Head]:
    return chain.extend(chain.genesis(COMPANY), events, lambda: SALT)


@st.composite
def chains(draw, min_size=1):
    many = draw(st.lists(facts, min_size=min_size, max_size=8))
    return a_chain(an_event(n, **each) for n, each in enumerate(many))


def test_the_canonical_form_is_sorted_tight_and_ascii():
    assert chain.canonical({"b": "é\ud800\0", "a": [1, 1.5]}) == (
        '{"a":[1,1.5],"b":"\\u00e9\\ud800\\u0000"}'
    )


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_json_cannot_say_is_refused(number):
    with pytest.raises(ValueError):
        chain.canonical(number)


def test_a_link_is_sha256_over_the_digest_before_it_and_its_body():
    (link,), head = a_chain([an_event()])

    genesis = hashlib.sha256(b"illico ledger 1 genesis\ntelecom").digest()
    expected = hashlib.sha256(
        b"illico ledger 1 link\n" + genesis + link.body.encode(),
    ).digest()
    assert link.digest == expected
    assert head == Head(COMPANY, 1, expected)


def test_positions_go_on_from_the_head():
    _, head = a_chain([an_event(1), an_event(2)])

    (third,), _ = chain.extend(head, [an_event(3)], lambda: SALT)

    assert (third.position, third.previous) == (3, head.digest)


def test_chains_of_two_companies_never_look_alike():
    (mine,), _ = a_chain([an_event()])
    (theirs,), _ = chain.extend(
        chain.genesis(CompanyId("assurance")),
        [an_event(company=CompanyId("assurance"))],
        lambda: SALT,
    )

    assert mine.previous != theirs.previous


def test_what_can_be_erased_is_in_the_body_as_a_commitment_only():
    (link,), _ = a_chain([an_event(agent="agent-7", comment="merci", reason="lost")])

    body = json.loads(link.body)
    assert body["facts"] == {"reason": "lost"}
    assert sorted(body["committed"]) == ["agent", "comment"]
    assert "agent-7" not in link.body
    assert link.erasable["agent"] == Erasable(SALT, "agent-7")


@pytest.mark.parametrize(
    ("kind", "fact"), [("call_transferred", "to_agent"), ("agent_forced", "by")]
)
def test_a_colleague_or_a_supervisor_is_a_commitment_too(kind, fact):
    (link,), _ = a_chain([replace(an_event(**{fact: "person-9"}), kind=kind)])

    assert "person-9" not in link.body
    assert link.erasable[fact].value == "person-9"


def test_who_ended_a_call_is_a_fact():
    (link,), _ = a_chain([replace(an_event(by="caller"), kind="call_ended")])

    assert json.loads(link.body)["facts"] == {"by": "caller"}


def test_an_erased_value_leaves_the_chain_whole():
    links, head = a_chain([an_event(1, comment="merci"), an_event(2)])

    erased = [replace(link, erasable={}) for link in links]

    assert verify(COMPANY, erased, head) is None


def test_a_changed_erasable_value_is_found():
    links, head = a_chain([an_event(1), an_event(2, comment="merci")])

    forged = replace(links[1], erasable={"comment": Erasable(SALT, "bof")})

    found = verify(COMPANY, [links[0], forged], head)
    assert found is not None
    assert found.position == 2


@given(chains())
def test_a_chain_as_written_holds(written):
    links, head = written

    assert verify(COMPANY, links, head) is None


@given(chains(), st.data())
def test_any_changed_event_is_found_at_its_place(written, data):
    links, head = written
    place = data.draw(st.integers(0, len(links) - 1))
    body = links[place].body
    spot = data.draw(st.integers(0, len(body) - 1))
    letter = data.draw(st.characters(min_codepoint=32, max_codepoint=126))
    changed = body[:spot] + letter + body[spot + 1 :]
    links[place] = replace(links[place], body=changed)

    found = verify(COMPANY, links, head)

    if changed == body:
        assert found is None
    else:
        assert found is not None
        assert found.position == place + 1


@given(chains(), st.data())
def test_any_changed_column_is_found_at_its_place(written, data):
    links, head = written
    place = data.draw(st.integers(0, len(links) - 1))
    change = data.draw(
        st.sampled_from(
            [
                {"kind": "call_ended"},
                {"at_us": 0},
                {"event_id": EventId("other")},
                {"call": "other"},
                {"pool": "other"},
                {"company": CompanyId("other")},
                {"digest": bytes(32)},
                {"previous": bytes(32)},
            ],
        ),
    )
    links[place] = replace(links[place], **change)

    found = verify(COMPANY, links, head)

    assert found is not None
    assert found.position == place + 1


@given(chains(), st.data())
def test_any_removed_event_is_found(written, data):
    links, head = written
    place = data.draw(st.integers(0, len(links) - 1))
    del links[place]

    found = verify(COMPANY, links, head)

    assert found is not None
    assert found.position == place + 1


@given(chains(min_size=2), st.data())
def test_any_reordering_is_found(written, data):
    links, head = written
    shuffled = data.draw(st.permutations(links))

    found = verify(COMPANY, shuffled, head)

    if shuffled == links:
        assert found is None
    else:
        first = next(n for n, link in enumerate(shuffled) if link != links[n])
        assert found is not None
        assert found.position == first + 1


@given(chains(), st.data())
def test_an_inserted_event_is_found(written, data):
    links, head = written
    place = data.draw(st.integers(0, len(links)))
    before = links[place - 1] if place else None
    start = Head(COMPANY, place, before.digest) if before else chain.genesis(COMPANY)
    (forged,), _ = chain.extend(start, [an_event(99)], lambda: SALT)
    known = {link.position: link.digest for link in links}
    links.insert(place, forged)

    assert verify(COMPANY, links, head) is not None
    found = verify(COMPANY, links, head, known)
    assert found is not None
    assert found.since <= place + 1 <= found.position


@given(chains(), st.data())
def test_a_chain_recomputed_whole_is_found_by_a_head_that_was_given_out(written, data):
    links, _head = written
    given_out = data.draw(st.sampled_from(links))
    known = {given_out.position: given_out.digest}

    forged, forged_head = a_chain(
        an_event(n, reason="forged") for n in range(100, 100 + len(links))
    )

    assert verify(COMPANY, forged, forged_head) is None
    found = verify(COMPANY, forged, forged_head, known)
    assert found is not None
    assert found.position == given_out.position


@given(chains(min_size=2))
def test_a_chain_cut_at_the_end_is_found_by_its_head(written):
    links, head = written

    by_head = verify(COMPANY, links[:-1], head)
    by_known = verify(COMPANY, links[:-1], None, {head.position: head.digest})

    assert by_head is not None
    assert by_known is not None


def test_an_event_that_is_chained_twice_is_found():
    links, head = a_chain([an_event(1), an_event(1)])

    found = verify(COMPANY, links, head)

    assert found is not None
    assert (found.position, "twice" in found.what) == (2, True)


def rehashed(link, body):
    return replace(link, body=body, digest=chain.digest_of(link.previous, body))


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda body: json.dumps(json.loads(body), sort_keys=True),
        lambda body: body[:-1] + ',"kind":"call_queued"}',
        lambda body: body.replace('"call_queued"', '"call\\u005fqueued"'),
        lambda body: body.replace('"facts":{}', '"facts":{"x":' + "[" * 3000 + "}"),
        lambda body: body.replace('"facts":{}', '"facts":{"x":NaN}'),
        lambda _: "[]",
    ],
    ids=["spaces", "a key twice", "an escape", "endless", "no number", "no object"],
)
def test_a_body_that_two_readers_could_take_for_two_things_is_found(rewrite):
    links, _ = a_chain([an_event(1), an_event(2)])
    links[1] = rehashed(links[1], rewrite(links[1].body))

    found = verify(COMPANY, links)

    assert found is not None
    assert (found.position, "one form" in found.what) == (2, True)


@given(chains(min_size=3), st.data())
def test_a_chain_rewritten_from_some_link_on_is_placed_between_two_known_heads(
    written, data
):
    links, head = written
    known = {link.position: link.digest for link in links[:-1:2]}
    known[head.position] = head.digest
    first = data.draw(st.integers(1, len(links)))
    kept = links[: first - 1]
    start = Head(COMPANY, first - 1, kept[-1].digest) if kept else None
    forged, forged_head = chain.extend(
        start or chain.genesis(COMPANY),
        [an_event(n, reason="forged") for n in range(100, 101 + len(links) - first)],
        lambda: SALT,
    )

    found = verify(COMPANY, kept + forged, forged_head, known)

    assert found is not None
    assert found.since <= first <= found.position
    assert found.since - 1 in {0, *known}
    assert found.position == min(place for place in known if place >= first)


def test_where_a_fault_lies_is_told_with_its_first_possible_place():
    links, _ = a_chain(an_event(n) for n in range(1, 9))
    known = {3: links[2].digest, 7: bytes(32)}

    found = verify(COMPANY, links, None, known)

    assert found is not None
    assert found.place == "link 7 (changed between 4 and it)"


def test_a_part_of_a_chain_is_walked_from_the_head_before_it():
    links, head = a_chain(an_event(n) for n in range(1, 9))
    before = Head(COMPANY, 4, links[3].digest)

    walk = Walk(COMPANY, {4: before.digest}, before)
    steps = [walk.step(link) for link in links[4:]]

    assert [*steps, walk.end(head)] == [None] * 5


def test_a_part_that_begins_elsewhere_than_a_known_head_says_is_found():
    links, _ = a_chain(an_event(n) for n in range(1, 9))
    before = Head(COMPANY, 4, links[3].digest)

    found = Walk(COMPANY, {4: bytes(32)}, before).step(links[4])

    assert found is not None
    assert "start" in found.what
