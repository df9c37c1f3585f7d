"""Every state and event of the three tables: where it leads, or that it changes nothing."""

from typing import Any

import pytest

from queueing.errors import InvalidTransitionError
from queueing.library import assemble
from queueing.model import AgentState, CallState, ReservationState
from queueing.transitions import (
    AGENT,
    CALL,
    RESERVATION,
    AgentEvent,
    CallEvent,
    ReservationEvent,
    follow,
)

MACHINES: dict[str, Any] = {
    "call": (CALL, CallState, CallEvent),
    "agent": (AGENT, AgentState, AgentEvent),
    "reservation": (RESERVATION, ReservationState, ReservationEvent),
}
PAIRS = [
    pytest.param(table, state, event, id=f"{name}-{state}-{event}")
    for name, (table, states, events) in MACHINES.items()
    for state in states
    for event in events
]


@pytest.mark.parametrize(("table", "state", "event"), PAIRS)
def test_an_event_leads_where_the_table_says_or_is_refused(table, state, event):
    if event in table[state]:
        assert follow(table, state, event) in table
    else:
        with pytest.raises(InvalidTransitionError) as refused:
            follow(table, state, event)
        assert refused.value.code == "invalid_transition"


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_has_a_row_and_every_event_a_use(name):
    table, states, events = MACHINES[name]

    assert set(table) == set(states)
    assert {event for row in table.values() for event in row} == set(events)


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_is_reached_from_the_first_one(name):
    table, states, _ = MACHINES[name]
    reached, fresh = set(), {next(iter(states))}
    while fresh:
        reached |= fresh
        fresh = {to for state in fresh for to in table[state].values()} - reached

    assert reached == set(states)


def test_an_ended_call_and_a_closed_reservation_stay_so():
    closed = set(ReservationState) - {ReservationState.PENDING}

    assert CALL[CallState.ENDED] == {}
    assert all(RESERVATION[state] == {} for state in closed)


def test_every_call_that_is_not_over_can_end():
    assert all(
        CallEvent.END in row for state, row in CALL.items() if state != CallState.ENDED
    )


def test_the_library_is_generated_from_these_tables():
    source = assemble()

    for table, states, _ in MACHINES.values():
        for state in states:
            for event, to in table[state].items():
                assert f"['{event}'] = '{to}'" in source
