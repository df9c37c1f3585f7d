"""Which event takes a call, an agent or a reservation from which state to which.

Two rules. Everything that may change a state stands in these tables. The tables do not
know who asks: they say what is possible, never what is wise.

The Lua tables of the function library are generated from these, so that the store and
the plain-Python model (`twin`) cannot disagree about them. An event that a table does not
name in the current state raises `InvalidTransitionError`, and nothing changes.

A lost call or agent remembers what it was; the ``BACK_…`` events lead there again. What
happens to it meanwhile (`REQUEUE`, `RELEASE` and so on) changes that memory and leaves
it lost.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from queueing.errors import InvalidTransitionError
from queueing.model import AgentState, CallState, ReservationState


class CallEvent(StrEnum):
    """What can happen to a call."""

    OFFER = "offer"
    ACCEPT = "accept"
    ANSWER = "answer"
    REQUEUE = "requeue"
    LOSE = "lose"
    BACK_TO_QUEUED = "back_to_queued"
    BACK_TO_CONNECTING = "back_to_connecting"
    BACK_TO_ANSWERED = "back_to_answered"
    END = "end"


class AgentEvent(StrEnum):
    """What can happen to an agent."""

    CONNECT = "connect"
    GET_READY = "get_ready"
    PAUSE = "pause"
    OFFER = "offer"
    ACCEPT = "accept"
    ANSWER = "answer"
    RELEASE = "release"
    FINISH = "finish"
    LOSE = "lose"
    BACK_TO_AWAY = "back_to_away"
    BACK_TO_READY = "back_to_ready"
    BACK_TO_CONNECTING = "back_to_connecting"
    BACK_TO_IN_CALL = "back_to_in_call"
    BACK_TO_WRAP_UP = "back_to_wrap_up"
    TAKE_BREAK = "take_break"
    BACK_TO_BREAK = "back_to_break"
    LEAVE = "leave"


class ReservationEvent(StrEnum):
    """What can happen to an offer."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    TIME_OUT = "time_out"
    CANCEL = "cancel"
    RESCIND = "rescind"


State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)

_C, _A, _R = CallState, AgentState, ReservationState

CALL: Final[Mapping[CallState, Mapping[CallEvent, CallState]]] = {
    _C.QUEUED: {
        CallEvent.OFFER: _C.OFFERED,
        CallEvent.LOSE: _C.LOST,
        CallEvent.END: _C.ENDED,
    },
    _C.OFFERED: {
        CallEvent.ACCEPT: _C.CONNECTING,
        CallEvent.REQUEUE: _C.QUEUED,
        CallEvent.LOSE: _C.LOST,
        CallEvent.END: _C.ENDED,
    },
    _C.CONNECTING: {
        CallEvent.ANSWER: _C.ANSWERED,
        CallEvent.REQUEUE: _C.QUEUED,
        CallEvent.LOSE: _C.LOST,
        CallEvent.END: _C.ENDED,
    },
    _C.ANSWERED: {
        CallEvent.REQUEUE: _C.QUEUED,
        CallEvent.LOSE: _C.LOST,
        CallEvent.END: _C.ENDED,
    },
    _C.LOST: {
        CallEvent.ANSWER: _C.LOST,
        CallEvent.REQUEUE: _C.LOST,
        CallEvent.BACK_TO_QUEUED: _C.QUEUED,
        CallEvent.BACK_TO_CONNECTING: _C.CONNECTING,
        CallEvent.BACK_TO_ANSWERED: _C.ANSWERED,
        CallEvent.END: _C.ENDED,
    },
    _C.ENDED: {},
}

AGENT: Final[Mapping[AgentState, Mapping[AgentEvent, AgentState]]] = {
    _A.OFFLINE: {
        AgentEvent.CONNECT: _A.AWAY,
    },
    _A.AWAY: {
        AgentEvent.GET_READY: _A.READY,
        AgentEvent.TAKE_BREAK: _A.BREAK,
        AgentEvent.LOSE: _A.LOST,
        AgentEvent.LEAVE: _A.OFFLINE,
    },
    _A.READY: {
        AgentEvent.OFFER: _A.OFFERED,
        AgentEvent.PAUSE: _A.AWAY,
        AgentEvent.TAKE_BREAK: _A.BREAK,
        AgentEvent.LOSE: _A.LOST,
        AgentEvent.LEAVE: _A.OFFLINE,
    },
    _A.OFFERED: {
        AgentEvent.ACCEPT: _A.CONNECTING,
        AgentEvent.RELEASE: _A.READY,
    },
    _A.CONNECTING: {
        AgentEvent.ANSWER: _A.IN_CALL,
        AgentEvent.RELEASE: _A.READY,
        AgentEvent.LOSE: _A.LOST,
    },
    _A.IN_CALL: {
        AgentEvent.FINISH: _A.WRAP_UP,
        AgentEvent.RELEASE: _A.READY,
        AgentEvent.LOSE: _A.LOST,
    },
    _A.WRAP_UP: {
        AgentEvent.GET_READY: _A.READY,
        AgentEvent.PAUSE: _A.AWAY,
        AgentEvent.TAKE_BREAK: _A.BREAK,
        AgentEvent.LOSE: _A.LOST,
        AgentEvent.LEAVE: _A.OFFLINE,
    },
    _A.BREAK: {
        AgentEvent.GET_READY: _A.READY,
        AgentEvent.PAUSE: _A.AWAY,
        AgentEvent.LOSE: _A.LOST,
        AgentEvent.LEAVE: _A.OFFLINE,
    },
    _A.LOST: {
        AgentEvent.ANSWER: _A.LOST,
        AgentEvent.RELEASE: _A.LOST,
        AgentEvent.FINISH: _A.LOST,
        AgentEvent.BACK_TO_AWAY: _A.AWAY,
        AgentEvent.BACK_TO_READY: _A.READY,
        AgentEvent.BACK_TO_CONNECTING: _A.CONNECTING,
        AgentEvent.BACK_TO_IN_CALL: _A.IN_CALL,
        AgentEvent.BACK_TO_WRAP_UP: _A.WRAP_UP,
        AgentEvent.BACK_TO_BREAK: _A.BREAK,
        AgentEvent.LEAVE: _A.OFFLINE,
    },
}

RESERVATION: Final[
    Mapping[ReservationState, Mapping[ReservationEvent, ReservationState]]
] = {
    _R.PENDING: {
        ReservationEvent.ACCEPT: _R.ACCEPTED,
        ReservationEvent.REFUSE: _R.REFUSED,
        ReservationEvent.TIME_OUT: _R.TIMED_OUT,
        ReservationEvent.CANCEL: _R.CANCELLED,
        ReservationEvent.RESCIND: _R.RESCINDED,
    },
    _R.ACCEPTED: {},
    _R.REFUSED: {},
    _R.TIMED_OUT: {},
    _R.CANCELLED: {},
    _R.RESCINDED: {},
}


def follow(
    table: Mapping[State, Mapping[Event, State]], state: State, event: Event
) -> State:
    """Say where the event leads.

    Raises:
        InvalidTransitionError: the table does not allow it in this state.
    """
    try:
        return table[state][event]
    except KeyError:
        raise InvalidTransitionError(f"{event} is not possible in {state}") from None
