"""What time brings: ticks for every leg, tidying, and how busy the process is."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

import structlog

from relay.calls import Calls
from relay.forwarding.hold import HoldPictures
from relay.legs import Legs
from relay.transport.leg import Leg

log = structlog.get_logger()

TICK: Final = 0.02
IDLE_TICK: Final = 0.2
SECOND: Final = 1.0
LOOK: Final = 0.25
"""Seconds between two looks whether something is over."""


class Tempo:
    """Lets legs and calls do what is due; ``on_look`` is called some times a second."""

    def __init__(
        self,
        clock: Callable[[], float],
        calls: Calls,
        legs: Legs,
        holds: HoldPictures,
        on_look: Callable[[], None],
    ) -> None:
        self.cpu_share = 0.0
        self._clock = clock
        self._calls = calls
        self._legs = legs
        self._holds = holds
        self._on_look = on_look

    async def keep(self) -> None:
        """Do what is due, some fifty times a second while there are legs."""
        second = busy = looked = 0.0
        while True:
            now = self._clock()
            for leg in list(self._legs.values()):
                _tick(leg, now)
            self._holds.tick(now)
            if now - looked >= LOOK:
                looked = now
                self._on_look()
            if now - second >= SECOND:
                used = time.process_time()
                self.cpu_share = min(1.0, (used - busy) / max(now - second, SECOND))
                second, busy = now, used
                self._tidy(now)
            await asyncio.sleep(TICK if self._legs else IDLE_TICK)

    def _tidy(self, now: float) -> None:
        """Let go of participants without a claim, then of calls without use."""
        for call, name in self._calls.overdue(now):
            log.info("nobody claimed", call=call, participant=name)
            self._legs.leave(call, name)
        for call in self._calls.forget(now, {owner for owner, _ in self._legs}):
            log.info("call forgotten", call=call)


def _tick(leg: Leg, now: float) -> None:
    """Let a leg do what is due; one that breaks ends alone."""
    try:
        leg.tick(now)
    except Exception:
        log.exception("a leg broke", leg=leg.id)
        leg.stop()
