"""One call as both pages and the ledger saw it, and the parts of the caller's wait."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, Self

CLICK: Final = "click call-now"
ACCEPT: Final = "click accept"
FIRST_FRAME: Final = "first frame"


class MissingMarkError(Exception):
    """A page did not see what a whole call has."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What one page noted, in order; times in milliseconds since the epoch."""

    times: Sequence[tuple[str, float]]
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, noted: Iterable[Mapping[str, Any]]) -> Self:
        """Take what `probe.js` keeps."""
        kept = list(noted)
        return cls(
            tuple((mark["name"], float(mark["at"])) for mark in kept),
            {mark["name"]: mark["facts"] for mark in kept},
        )

    def at(self, name: str, *, after: float = 0.0) -> float:
        """Tell when something first happened, from a moment on.

        Raises:
            MissingMarkError: it did not.
        """
        for mark, at in self.times:
            if mark == name and at >= after:
                return at
        raise MissingMarkError(f"{name} is missing: {[n for n, _ in self.times]}")


@dataclass(frozen=True, slots=True)
class Chained:
    """What the ledger holds of a call's beginning, in milliseconds since the epoch.

    Attributes:
        queued: T0, when the call stood in the queue.
        forwarded: when the relay had sent on the agent's first whole key frame.
    """

    queued: float
    forwarded: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """A call from the click on *Appeler* on.

    Attributes:
        caller: what the caller's page noted since it was loaded.
        agent: what the console noted since the click.
        chained: None where the ledger is out of reach; parts 1 and 5 then melt into those
            that follow them.
    """

    caller: Marks
    agent: Marks
    chained: Chained | None = None

    @property
    def click_to_first_frame_ms(self) -> float:
        """Time the whole wait: both ends are the same page's clock."""
        return self._first_frame - self.caller.at(CLICK)

    @property
    def accept_to_first_frame_ms(self) -> float:
        """Time what is left when the agent has pressed *Répondre*."""
        return self._first_frame - self.agent.at(ACCEPT)

    def parts(self) -> dict[str, float]:
        """Cut the wait into pieces, in milliseconds.

        The names that begin with a number follow each other from the click to the
        picture and add up to the whole; the others run beside them.
        """
        row = {
            name: later - before for (_, before), (name, later) in pairwise(self._row())
        }
        return row | self._beside()

    def _row(self) -> Iterator[tuple[str, float]]:
        """Name each piece by its end."""
        chained = self.chained
        yield "click", self.caller.at(CLICK)
        if chained is not None:
            yield "1 call queued (T0)", chained.queued
        yield "2 console rings", self.agent.at("got offer")
        yield "3 agent accepts", self.agent.at(ACCEPT)
        yield "4 routed, both legs up", self._passable
        if chained is not None:
            yield "5 key frame forwarded", chained.forwarded
        yield "6 key frame received", self.caller.at("frame received")
        yield "7 first frame presented", self._first_frame

    def _beside(self) -> dict[str, float]:
        caller, agent = self.caller, self.agent
        click = caller.at(CLICK)
        return {
            "click → ticket": caller.at("got ticket", after=click) - click,
            "accept → caller told": caller.at("got connecting") - agent.at(ACCEPT),
            "first frame → page told": caller.at("frame told") - self._first_frame,
            "agent: camera opens": agent.at("camera open") - agent.at("got offer"),
            **_leg("agent", agent, "camera open", click),
            **_leg("caller", caller, "got ticket", click),
        }

    @property
    def _first_frame(self) -> float:
        return self.caller.at(FIRST_FRAME, after=self.caller.at(CLICK))

    @property
    def _passable(self) -> float:
        """When the agent's picture could pass: legs up, and the caller told of it."""
        return max(
            self.caller.at("leg connected"),
            self.agent.at("leg connected"),
            self.caller.at("got connecting"),
        )


def _leg(who: str, marks: Marks, begins: str, click: float) -> dict[str, float]:
    """Time the steps of one media leg."""
    steps = [
        begins,
        "sent leg_offer",
        "got leg_answer",
        "ice connected",
        "leg connected",
    ]
    names = ("offer made", "relay's answer", "ICE", "DTLS")
    times = [marks.at(step, after=click) for step in steps]
    return {
        f"{who}’s leg: {name}": later - earlier
        for name, (earlier, later) in zip(names, pairwise(times), strict=True)
    }
