"""The words of events, and how an entry of the queue's stream becomes one.

An event's id is the queue's number for it and its place in the stream: the place
alone, or the number alone, may come twice after a failover that lost something. An
entry that says what no event of ours can say is chained all the same, in the pool's
chain and as it came: what happened is never lost, even when we do not understand it.
"""

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

import msgspec

from ledger.model import (
    JSON,
    POOL_CHAIN,
    CallId,
    CompanyId,
    Event,
    EventId,
    ServiceId,
)
from queueing.messages import LedgerEntry


class Kind(StrEnum):
    """The kinds that a rule reads; any other kind is chained just the same."""

    CALL_QUEUED = "call_queued"
    NO_ONE_THERE = "no_one_there"
    OFFER_MADE = "offer_made"
    CALL_ACCEPTED = "call_accepted"
    CALL_ANSWERED = "call_answered"
    CALLER_LOST = "caller_lost"
    CALLER_BACK = "caller_back"
    CALL_LEFT = "call_left"
    CALL_TRANSFERRED = "call_transferred"
    NOT_UNDERSTOOD = "not_understood"
    CALL_ENDED = "call_ended"
    CALL_CLOSED = "call_closed"
    CALL_REFUSED = "call_refused"
    DOWNTIME = "downtime"
    EYE_COUNTED = "eye_counted"
    TERMS_SET = "terms_set"
    LIFE_BEGAN = "life_began"
    SUPERSEDED = "superseded"
    UNREADABLE = "unreadable"


WITHOUT_CLOCK: Final = frozenset({Kind.CALL_CLOSED, Kind.CALL_REFUSED})
"""Calls that never were queued: they are listed by the time of this one event."""

NEW_LEG: Final = frozenset({Kind.CALL_TRANSFERRED, Kind.NOT_UNDERSTOOD})
"""A new clock for a call that was answered: a line of its own."""

_KIND: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SPOOLED: Final = re.compile(r"spool-[A-Za-z0-9_-]{1,100}")
_ID: Final = re.compile(r"[\x21-\x7e]{1,128}")
_LONGEST_PLACE: Final = 64
_LARGEST_NUMBER: Final = 2**53
_DEEPEST: Final = 32
"""Facts nested deeper are none of ours, and some JSON readers end on them."""


def read_event(entry: LedgerEntry) -> Event:
    """Read one entry of the stream; one that is no event comes back `unreadable`."""
    try:
        return _event(entry)
    except (ValueError, RecursionError):
        return _unreadable(entry)


def _event(entry: LedgerEntry) -> Event:
    if not 0 <= entry.at < _LARGEST_NUMBER:
        raise ValueError(entry.at)
    service, call = _optional(entry.service), _optional(entry.call)
    facts = _facts(entry)
    return Event(
        event_id=_spooled(facts) or _event_id(entry),
        kind=_word(_KIND, entry.kind),
        at_us=_happened(facts, entry.at),
        pool=_word(_ID, entry.pool),
        company=CompanyId(_optional(entry.company) or POOL_CHAIN),
        service=ServiceId(service) if service else None,
        call=CallId(call) if call else None,
        facts=facts,
    )


def _spooled(facts: Mapping[str, JSON]) -> EventId | None:
    """Read the id that a server gave it: it may come again, and is one event then."""
    name = facts.get("spooled")
    is_one = isinstance(name, str) and _SPOOLED.fullmatch(name)
    return EventId(str(name)) if is_one else None


def _happened(facts: Mapping[str, JSON], told_us: int) -> int:
    """Read when it happened, of what was told later; never after it was told."""
    at_us = facts.get("happened_at_us")
    if "spooled" not in facts or type(at_us) is not int:
        return told_us
    return min(max(0, at_us), told_us)


def _facts(entry: LedgerEntry) -> Mapping[str, JSON]:
    facts: dict[str, Any] = dict(entry.facts)
    if entry.agent:
        facts["agent"] = entry.agent
    if entry.token:
        facts["token"] = entry.token
    if _depth(facts) > _DEEPEST:
        raise ValueError(_DEEPEST)
    json.dumps(facts, allow_nan=False, sort_keys=True)
    return facts


def _depth(value: Any) -> int:
    """Count the floors of lists and objects, without climbing them all at once."""
    floor: list[Any] = [value]
    for depth in range(_DEEPEST + 1):
        floor = [
            inner
            for each in floor
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not floor:
            return depth
    return _DEEPEST + 1


def _unreadable(entry: LedgerEntry) -> Event:
    """Keep an entry as the text of its JSON; of facts too deep to be written, none."""
    try:
        text = json.dumps(msgspec.to_builtins(entry))
    except RecursionError:
        bare = msgspec.structs.replace(entry, facts={"too_deep": sorted(entry.facts)})
        text = json.dumps(msgspec.to_builtins(bare))
    return Event(
        event_id=_event_id(entry),
        kind=Kind.UNREADABLE,
        at_us=min(max(entry.at, 0), _LARGEST_NUMBER - 1),
        pool=entry.pool if _ID.fullmatch(entry.pool) else "unreadable",
        company=POOL_CHAIN,
        facts={"entry": text},
    )


def _event_id(entry: LedgerEntry) -> EventId:
    name = entry.event if _ID.fullmatch(entry.event) else "odd"
    return EventId(f"{name}@{entry.position[:_LONGEST_PLACE]}")


def _word(pattern: re.Pattern[str], value: str) -> str:
    if not pattern.fullmatch(value):
        raise ValueError(value)
    return value


def _optional(value: str | None) -> str | None:
    return _word(_ID, value) if value else None
