"""How an entry of the stream becomes an event, and that none is lost."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain import extend, genesis
from ledger.events import Kind, read_event
from ledger.model import POOL_CHAIN
from ledger.verify import verify
from queueing.messages import LedgerEntry, read_ledger_entries
from queueing.texts import LEDGER_FIELDS, SEPARATOR


def an_entry(**changes) -> LedgerEntry:
    entry = {
        "position": "1795334400000-3",
        "event": "fr-7",
        "kind": "call_answered",
        "at": 1_795_334_400_000_000,
        "pool": "fr",
        "company": "telecom",
        "service": "telecom-demo",
        "call": "c1",
        "agent": None,
        "token": None,
        "facts": {"evidence": "presented"},
    }
    return LedgerEntry(**{**entry, **changes})


def test_an_entry_keeps_its_words_and_its_time():
    event = read_event(an_entry())

    assert event.facts == {"evidence": "presented"}
    assert (event.kind, event.company, event.call) == ("call_answered", "telecom", "c1")
    assert event.at_us == 1_795_334_400_000_000


def test_an_id_is_the_queues_number_and_the_place_in_the_stream():
    assert read_event(an_entry()).event_id == "fr-7@1795334400000-3"


def test_agent_and_token_are_facts_where_there_are_any():
    event = read_event(an_entry(agent="agent-7", token=12))

    assert event.facts == {"evidence": "presented", "agent": "agent-7", "token": 12}


def test_an_event_without_a_company_belongs_to_the_pools_chain():
    assert read_event(an_entry(company=None)).company == POOL_CHAIN
    assert read_event(an_entry(company="")).company == POOL_CHAIN


def test_an_unknown_kind_is_an_event_like_any_other():
    assert read_event(an_entry(kind="moon_landed")).kind == "moon_landed"


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "Not A Kind"},
        {"at": -1},
        {"at": 2**60},
        {"company": "a b"},
        {"company": "x" * 129},
        {"call": "\0"},
        {"facts": {"share": float("nan")}},
    ],
)
def test_what_cannot_be_read_is_kept_as_it_came(change):
    event = read_event(an_entry(**change))

    assert (event.kind, event.company) == (Kind.UNREADABLE, POOL_CHAIN)
    assert event.event_id == "fr-7@1795334400000-3"
    assert "call_answered" in str(event.facts["entry"]) or "kind" in change


def nested(floors):
    inner: list[Any] = []
    for _ in range(floors - 1):
        inner = [inner]
    return inner


def test_facts_of_a_few_floors_are_facts():
    event = read_event(an_entry(facts={"why": nested(30)}))

    assert event.facts == {"why": nested(30)}


@pytest.mark.parametrize("floors", [33, 900, 5000])
def test_facts_too_deep_for_some_reader_are_kept_as_a_text(floors):
    event = read_event(an_entry(facts={"why": nested(floors), "when": 1}))

    links, head = extend(genesis(event.company), [event], lambda: "00")
    assert event.kind == Kind.UNREADABLE
    assert "why" in str(event.facts["entry"])
    assert verify(event.company, links, head) is None


def test_facts_that_no_reader_climbs_come_out_of_the_stream_as_a_text():
    deep = "[" * 5000 + "]" * 5000
    known = {"event": "7", "kind": "call_rated", "at": "12", "facts": deep}
    text = SEPARATOR.join(known.get(field, "") for field in LEDGER_FIELDS)

    (entry,) = read_ledger_entries("fr", "1-0", text)

    assert entry.facts == {"too_deep": deep}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


SPOOLED = {"spooled": "spool-s1-1795334399000000-1", "happened_at_us": 1_795_334_399}


def test_what_a_server_kept_meanwhile_bears_its_own_id_and_its_own_time():
    first = read_event(an_entry(kind="call_refused", facts=SPOOLED))
    again = read_event(an_entry(kind="call_refused", facts=SPOOLED, event="fr-9"))

    assert first.event_id == again.event_id == SPOOLED["spooled"]
    assert first.at_us == SPOOLED["happened_at_us"]


@pytest.mark.parametrize("name", ["spool-", "spool-a@b", "fr-7", 7, None, "x" * 200])
def test_nothing_else_chooses_its_id(name):
    event = read_event(an_entry(facts={"spooled": name}))

    assert event.event_id == "fr-7@1795334400000-3"


@pytest.mark.parametrize(
    ("happened", "at_us"),
    [
        (1_795_334_400_000_001, 1_795_334_400_000_000),
        (-5, 0),
        (True, None),
        ("1", None),
    ],
)
def test_nothing_happens_after_it_was_told(happened, at_us):
    told = 1_795_334_400_000_000
    event = read_event(an_entry(facts={**SPOOLED, "happened_at_us": happened}))

    assert event.at_us == (told if at_us is None else at_us)
    alone = read_event(an_entry(facts={"happened_at_us": 5}))
    assert alone.at_us == told


@given(
    st.builds(
        LedgerEntry,
        position=st.text(max_size=20),
        event=st.text(max_size=20),
        kind=st.text(max_size=20) | st.just("call_queued"),
        at=st.integers(),
        pool=st.text(max_size=20) | st.just("fr"),
        company=st.none() | st.text() | st.just("telecom"),
        service=st.none() | st.text(),
        call=st.none() | st.text(),
        agent=st.none() | st.text(),
        token=st.none() | st.integers(),
        facts=st.dictionaries(st.text(), json_values),
    ),
)
def test_every_entry_whatever_it_holds_can_be_chained(entry):
    event = read_event(entry)

    start = genesis(event.company)
    links, head = extend(start, [event], lambda: "00")

    assert verify(event.company, links, head) is None
    assert json.loads(links[0].body)["event_id"] == event.event_id
