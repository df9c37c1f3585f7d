"""The words of events, and how an entry of the queue's stream becomes one.

An entry that cannot be read is chained all the same, in the pool's chain and as it
came: what happened is never lost, even when we do not understand it.
"""

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from ledger.model import (
    JSON,
    POOL_CHAIN,
    CallId,
    CompanyId,
    Event,
    EventId,
    ServiceId,
)


class Kind(StrEnum):
    """The kinds that a rule reads; any other kind is chained just the same."""

    CALL_QUEUED = "call_queued"
    NO_ONE_THERE = "no_one_there"
    OFFER_MADE = "offer_made"
    CALL_ACCEPTED = "call_accepted"
    CALL_ANSWERED = "call_answered"
    CALLER_LOST = "caller_lost"
    CALLER_BACK = "caller_back"
    CALL_ENDED = "call_ended"
    CALL_CLOSED = "call_closed"
    CALL_REFUSED = "call_refused"
    UNREADABLE = "unreadable"


WITHOUT_CLOCK: Final = frozenset({Kind.CALL_CLOSED, Kind.CALL_REFUSED})
"""Calls that never were queued: they are listed by the time of this one event."""

_COLUMNS: Final = ("id", "kind", "at", "pool", "company", "service", "call", "facts")
_KIND: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_ID: Final = re.compile(r"[\x21-\x7e]{1,128}")


def read_event(entry: Mapping[str, Any], *, stream_id: str, pool: str) -> Event:
    """Read one entry of the stream; one that is no event comes back `unreadable`.

    Args:
        entry: what the queue wrote: `id`, `kind`, `at` (microseconds since the
            epoch), and where there is one `company`, `service`, `call`; everything
            else is a fact.
        stream_id: the entry's place in the stream, `milliseconds-number`.
        pool: the pool whose stream it is.
    """
    try:
        return _event(entry, pool)
    except (OverflowError, TypeError, ValueError):
        return _unreadable(entry, stream_id, pool)


def _event(entry: Mapping[str, Any], pool: str) -> Event:
    service, call = _optional(entry.get("service")), _optional(entry.get("call"))
    return Event(
        event_id=EventId(_word(_ID, entry.get("id"))),
        kind=_word(_KIND, entry.get("kind")),
        at_us=_microseconds(entry.get("at")),
        pool=pool,
        company=CompanyId(_optional(entry.get("company")) or POOL_CHAIN),
        service=ServiceId(service) if service else None,
        call=CallId(call) if call else None,
        facts=_facts(entry),
    )


def _facts(entry: Mapping[str, Any]) -> dict[str, JSON]:
    inner = entry.get("facts") or {}
    if isinstance(inner, str):
        inner = json.loads(inner)
    outer = {name: v for name, v in entry.items() if name not in _COLUMNS}
    facts: dict[str, JSON] = {**dict(inner), **outer}
    json.dumps(facts, allow_nan=False, sort_keys=True)
    return facts


def _unreadable(entry: object, stream_id: str, pool: str) -> Event:
    """Keep an entry as text, under an id that the same entry gets each time."""
    milliseconds = stream_id.partition("-")[0]
    return Event(
        event_id=EventId(f"{pool}:{stream_id}"),
        kind=Kind.UNREADABLE,
        at_us=int(milliseconds) * 1000 if milliseconds.isdecimal() else 0,
        pool=pool,
        company=POOL_CHAIN,
        facts={"entry": _text(entry)},
    )


def _text(entry: object) -> str:
    try:
        return json.dumps(entry, allow_nan=False, sort_keys=True)
    except (TypeError, ValueError):
        return repr(entry)


def _word(pattern: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(value)
    return value


def _optional(value: object) -> str | None:
    return None if value is None or value == "" else _word(_ID, value)


def _microseconds(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(value)
    moment = int(value)
    if not 0 <= moment < 2**53:
        raise ValueError(value)
    return moment
