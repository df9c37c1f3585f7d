"""How an entry of the stream becomes an event, and that none is lost."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain import extend, genesis
from ledger.events import Kind, read_event
from ledger.model import POOL_CHAIN, Event
from ledger.verify import verify


def an_entry(**changes):
    entry = {
        "id": "e1",
        "kind": "call_answered",
        "at": 1_795_334_400_000_000,
        "company": "telecom",
        "service": "telecom-demo",
        "call": "c1",
        "evidence": "presented",
    }
    return {**entry, **changes}


def read(entry) -> Event:
    return read_event(entry, stream_id="1795334400000-3", pool="fr")


def test_what_is_no_column_is_a_fact():
    event = read(an_entry(facts={"wait_ms": 12}))

    assert event.facts == {"evidence": "presented", "wait_ms": 12}
    assert (event.kind, event.company, event.call) == ("call_answered", "telecom", "c1")


def test_an_event_without_a_company_belongs_to_the_pools_chain():
    assert read(an_entry(company=None)).company == POOL_CHAIN
    assert read(an_entry(company="")).company == POOL_CHAIN


def test_an_unknown_kind_is_an_event_like_any_other():
    assert read(an_entry(kind="moon_landed")).kind == "moon_landed"


def test_a_time_written_as_text_is_a_time():
    assert read(an_entry(at="1795334400000000")).at_us == 1_795_334_400_000_000


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"id": ""},
        {"id": "x" * 129},
        {"kind": None},
        {"kind": "Not A Kind"},
        {"at": None},
        {"at": "soon"},
        {"at": -1},
        {"at": True},
        {"company": "a b"},
        {"call": "\0"},
        {"facts": "{"},
        {"facts": 7},
        {"facts": {"share": float("nan")}},
    ],
)
def test_what_cannot_be_read_is_kept_as_it_came(change):
    event = read(an_entry(**change))

    assert (event.kind, event.company) == (Kind.UNREADABLE, POOL_CHAIN)
    assert event.event_id == "fr:1795334400000-3"
    assert event.at_us == 1_795_334_400_000_000
    assert "entry" in event.facts


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from(["id", "kind", "at", "company", "call", "facts", "agent"])
        | st.text(),
        json_values,
    ),
)
def test_every_entry_whatever_it_holds_can_be_chained(entry):
    event = read(entry)

    start = genesis(event.company)
    links, head = extend(start, [event], lambda: "00")

    assert verify(event.company, links, head) is None
    assert json.loads(links[0].body)["event_id"] == event.event_id
