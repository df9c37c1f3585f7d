"""Which clocks and half-hours some events come to, without a database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from ledger.events import Kind
from ledger.figures import halves
from ledger.figures.calls import CallBook
from ledger.figures.clocks import Clock
from ledger.figures.slots import Slot, slot
from ledger.figures.terms import STANDARD, TermsBook
from ledger.model import Recorded

EDITION: Final = 3
"""Of clocks and slots; books of another edition are made anew from the chain."""

Place = tuple[int, str]
"""A half-hour and a service."""

_event = msgspec.json.Decoder(Recorded)
_clock = msgspec.msgpack.Decoder(Clock)
_slot = msgspec.msgpack.Decoder(Slot)
_encoder = msgspec.msgpack.Encoder()


@dataclass(frozen=True, slots=True)
class StoredClock:
    """A clock as it is kept: without its terms, which the chain has already."""

    call: str
    number: int
    service: str
    half: int
    t0_us: int
    terms: int
    told: bytes

    @property
    def place(self) -> Place:
        return self.half, self.service


@dataclass(frozen=True, slots=True)
class StoredSlot:
    """A half-hour as it is kept."""

    half: int
    service: str
    packed: bytes

    @property
    def slot(self) -> Slot:
        return _slot.decode(self.packed)


@dataclass(frozen=True, slots=True)
class Folded:
    """All clocks of some calls, and the terms that they and others began under."""

    clocks: Sequence[StoredClock]
    terms: TermsBook
    as_of_us: int


def fold(bodies: Iterable[str]) -> Folded:
    """Fold events in the order of the chain: whole calls, and all terms."""
    terms = TermsBook()
    book, as_of_us = CallBook(terms), 0
    for body in bodies:
        event = _event.decode(body)
        book.add(event)
        as_of_us = max(as_of_us, event.at_us)
    return Folded([*_stored(book, terms)], terms, as_of_us)


def names(bodies: Iterable[str]) -> set[str]:
    """Name the calls of events; a call that was never queued may have but an event."""
    events = map(_event.decode, bodies)
    return {
        event.call or event.event_id for event in events if event.kind != Kind.TERMS_SET
    }


def pack(
    places: Iterable[Place], clocks: Iterable[StoredClock], terms: TermsBook
) -> list[StoredSlot]:
    """Make half-hours from all their clocks; one without a clock has no slot."""
    by_place: defaultdict[Place, list[Clock]] = defaultdict(list)
    for stored in clocks:
        by_place[stored.place].append(_opened(stored, terms))
    return [
        StoredSlot(*place, _encoder.encode(slot(place[1], place[0], by_place[place])))
        for place in sorted(places)
        if place in by_place
    ]


def _stored(book: CallBook, terms: TermsBook) -> Iterable[StoredClock]:
    count: defaultdict[str, int] = defaultdict(int)
    for clock in book.lines:
        number = terms.number(clock.terms)
        clock.terms, clock.before = STANDARD, None
        yield StoredClock(
            clock.call,
            count[clock.call],
            clock.service,
            halves.of(clock.t0_us),
            clock.t0_us,
            number,
            _encoder.encode(clock),
        )
        count[clock.call] += 1


def _opened(stored: StoredClock, terms: TermsBook) -> Clock:
    clock = _clock.decode(stored.told)
    clock.terms = terms.all[stored.terms]
    return clock


def by_position(
    *pages: Mapping[int, str],
) -> Iterable[str]:
    """Put bodies from several looks into the chain's order, each once."""
    merged: dict[int, str] = {}
    for page in pages:
        merged |= page
    return (merged[position] for position in sorted(merged))
