"""What the queue forgot after it was chained, and what still stands of such a call.

A store that goes on with data that lack the last writes has rolled back what they told.
Its first event says up to which tick the data remember; what the pool had told with a
higher number is marked in each chain: once for each call, and once for all that belongs
to no call. Nothing is removed, because people were told it.

A call that was over stays as it was told. Of any other, the marked transitions are as
if they had not been, but for the caller's request: who asked, did ask. A call of which
the queue does not even know the request ended by our failure, until somebody brings it
back. What servers noted, and no transition made, is true whatever the queue forgot.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from ledger.events import Kind
from ledger.model import CallId, CompanyId, Event, EventId, Recorded

NOTED: Final = frozenset(
    {Kind.EYE_COUNTED, Kind.CALL_CLOSED, Kind.CALL_REFUSED, Kind.DOWNTIME}
)
"""Kinds that servers note: no transition of the queue, and not the queue's to forget."""

_NUMBER: Final = re.compile(r"-(\d{1,16})@")


@dataclass(frozen=True, slots=True)
class Life:
    """A life of the store: it remembers what was numbered up to `after`."""

    event_id: EventId
    at_us: int
    pool: str
    number: int
    after: int

    @property
    def found_nothing(self) -> bool:
        """Whether all data were lost, and not only the last of them."""
        return self.after == 0


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a chained event without its body."""

    company: CompanyId
    call: CallId | None
    kind: str
    number: int


def number_of(event_id: str) -> int | None:
    """Read the queue's number of an event; one that is not the queue's has none."""
    found = _NUMBER.search(event_id)
    return int(found[1]) if found else None


def life_of(event: Event | Recorded, pool: str) -> Life | None:
    """Read the life that an event of a pool says has begun, if it says so."""
    after, number = event.facts.get("after"), event.facts.get("life")
    if event.kind != Kind.LIFE_BEGAN:
        return None
    if not isinstance(after, int) or not isinstance(number, int):
        return None
    return Life(EventId(event.event_id), event.at_us, pool, number, after)


def has_forgotten(life: Life, number: int) -> bool:
    """Whether an event that is chained after this life began is of before it."""
    return life.after < number < life.number


def marks(
    life: Life,
    forgotten: Iterable[Told],
    of_calls: Iterable[Told],
) -> list[Event]:
    """Mark what was forgotten; `of_calls` are requests and ends of the same calls."""
    known: defaultdict[CallId | None, list[Told]] = defaultdict(list)
    for told in of_calls:
        known[told.call].append(told)
    found = []
    order = sorted(forgotten, key=lambda told: (*_whose(told), told.number))
    for _, group in groupby(order, key=_whose):
        lost = list(group)
        of_call = known[lost[0].call]
        is_open = bool(of_call) and not _is_over(of_call)
        if is_open or not life.found_nothing:
            found.append(_mark(life, lost, of_call))
    return found


def _whose(told: Told) -> tuple[str, str]:
    return told.company, told.call or ""


def _is_over(known: Sequence[Told]) -> bool:
    """Whether it ended, and nobody brought it back later."""
    last = max(known, key=lambda told: told.number, default=None)
    return last is not None and last.kind == Kind.CALL_ENDED


def _mark(life: Life, lost: Sequence[Told], known: Sequence[Told]) -> Event:
    first, last = lost[0].number, lost[-1].number
    facts: dict[str, int | bool] = {
        "first": first,
        "last": last,
        "count": len(lost),
        "after": life.after,
    }
    if lost[0].call is not None:
        requests = {t.number for t in known if t.kind == Kind.CALL_QUEUED}
        is_gone = bool(requests) and requests <= {told.number for told in lost}
        is_over = _is_over(known)
        facts |= {"over": is_over, "gone": is_gone and not is_over}
    return Event(
        event_id=EventId(f"superseded-{life.pool}-{life.number}-{first}"),
        kind=Kind.SUPERSEDED,
        at_us=life.at_us,
        pool=life.pool,
        company=lost[0].company,
        call=lost[0].call,
        facts=facts,
    )


@dataclass(slots=True)
class OpenCalls:
    """The events of calls that are not over, for rules that read one after another."""

    _events: dict[str, list[Recorded]] = field(default_factory=dict)

    def taken_back(self, event: Recorded) -> Sequence[Recorded] | None:
        """Take in an event. A mark that takes back: all that stands of its call now."""
        if event.call is None:
            return None
        if event.kind == Kind.CALL_ENDED:
            self._events.pop(event.call, None)
        elif event.kind == Kind.CALL_QUEUED:
            self._events.setdefault(event.call, []).append(event)
        elif (kept := self._events.get(event.call)) is not None:
            takes_back = event.kind == Kind.SUPERSEDED and not event.facts.get("over")
            if takes_back:
                kept[:] = [each for each in kept if not _is_marked(each, event)]
            kept.append(event)
            return tuple(kept) if takes_back else None
        return None


def _is_marked(event: Recorded, mark: Recorded) -> bool:
    if event.kind in NOTED or event.kind in {Kind.CALL_QUEUED, Kind.SUPERSEDED}:
        return False
    number = number_of(event.event_id)
    first, last = mark.facts.get("first"), mark.facts.get("last")
    if number is None or not isinstance(first, int) or not isinstance(last, int):
        return False
    return first <= number <= last
