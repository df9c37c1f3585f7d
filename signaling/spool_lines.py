"""What happens while the queue is away, as lines of a file. Pure.

A line tells something, completes what an earlier one told, or says that it was handed
on. What was told and not handed on is pending. The last line may be torn, because a
process may die while it writes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

RECOVERY_US: Final = 60_000_000
"""Who was refused and is in the queue this soon after was not refused in the end."""

Fact = str | int | bool


class Told(msgspec.Struct, frozen=True, tag_field="line", tag="told"):
    """Something happened: an event of the ledger that the queue could not take."""

    id: str
    kind: str
    company: str
    service: str
    at_us: int
    facts: dict[str, Fact]
    is_whole: bool
    """Nothing more is to be said of it."""


class More(msgspec.Struct, frozen=True, tag_field="line", tag="more"):
    """What an earlier line told is whole now, with these facts."""

    id: str
    facts: dict[str, Fact]


class Done(msgspec.Struct, frozen=True, tag_field="line", tag="done"):
    """The queue has it."""

    id: str


Line = Told | More | Done

_decoder = msgspec.json.Decoder(Line)


def to_text(lines: Iterable[Line]) -> bytes:
    """Write lines, each with its end."""
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def from_text(text: bytes) -> list[Line]:
    """Read lines back; one that is torn or strange is none."""
    found = []
    for line in text.split(b"\n"):
        try:
            found.append(_decoder.decode(line))
        except msgspec.MsgspecError:
            continue
    return found


@dataclass(slots=True)
class Pending:
    """What was told and not handed on, in the order of telling."""

    _told: dict[str, Told] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._told)

    def add(self, line: Line) -> None:
        """Take in one line."""
        if isinstance(line, Told):
            self._told[line.id] = line
        elif isinstance(line, Done):
            self._told.pop(line.id, None)
        elif (told := self._told.get(line.id)) is not None:
            self._told[line.id] = msgspec.structs.replace(
                told, facts={**told.facts, **line.facts}, is_whole=True
            )

    def due(self, now_us: int) -> list[Told]:
        """List what may be handed on: it is whole, or nothing will be said of it."""
        return [
            told
            for told in self._told.values()
            if told.is_whole or _has_waited(told, now_us)
        ]

    def open(self, kind: str) -> list[Told]:
        """List those of a kind of which something is still to be said."""
        return [t for t in self._told.values() if t.kind == kind and not t.is_whole]

    def refusal(self, visit: str) -> Told | None:
        """Find the refusal of a visit that has not recovered from it."""
        for told in self.open("call_refused"):
            if told.facts.get("visit") == visit:
                return told
        return None


def _has_waited(told: Told, now_us: int) -> bool:
    return told.kind == "call_refused" and now_us - told.at_us >= RECOVERY_US


def facts_of(told: Told) -> Mapping[str, Fact]:
    """Say what the ledger is to know: its own id keeps a second hearing from counting."""
    return {**told.facts, "spooled": told.id, "happened_at_us": told.at_us}
