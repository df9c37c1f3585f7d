"""The same film sent by many at once, counted where it arrives."""

import asyncio
import contextlib
import gc
import os
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from benchmarks.exact_timer import Deliveries, Send
from benchmarks.figures import percentile
from benchmarks.packets import Film, Projector
from benchmarks.peer_socket import SecureSocket
from benchmarks.relay_rivals import Stream, cpu_seconds
from benchmarks.sweep import swept

LEAD: Final = 0.1
SETTLE: Final = 2.0
"""Seconds after the last packet in which what was lost comes again."""

LOOK: Final = 0.05

MOST_LOSS: Final = 0.001
"""Share of packets beyond which a round says nothing of what a packet costs."""

PICTURE: Final = 1 / 30


Sealed = tuple[float, int, bytes]
"""When, in seconds; the number of its stream; the packet."""


@dataclass(frozen=True, slots=True)
class Round:
    """What a server did in some seconds; ``cpu`` is its processor time."""

    sent: int
    due: int
    received: int
    cpu: float
    seconds: float
    late_p99: float

    @property
    def loss(self) -> float:
        """What share of what the sinks should have got never came."""
        return 1 - self.received / self.due

    @property
    def us_per_packet(self) -> float:
        """Microseconds of the server for each packet that came in."""
        return self.cpu / self.sent * 1e6


class Load:
    """Streams that are sent a film's next seconds, round after round."""

    def __init__(self, streams: Sequence[Stream], film: Film) -> None:
        chance = random.Random(7)  # noqa: S311  it spreads pictures, it guards nothing
        self._streams = streams
        self._projectors = {
            stream.source: (Projector(film), chance.uniform(0, PICTURE))
            for stream in streams
        }
        self._shown = self._begun = 0.0
        for stream in streams:
            for sink in stream.sinks:
                sink.only_count()

    async def round(self, seconds: float, pid: int) -> Round:
        """Send for so long, and count what the server of that number does."""
        sealed = self.sealed(seconds)
        due = len(sealed) * len(self._streams[0].sinks)
        before = self._received()
        with _no_collection(), swept(self._sinks()):
            begun = cpu_seconds(pid)
            sent = await self.send(sealed)
            await self._settle(before + due)
            cpu = cpu_seconds(pid) - begun
        return Round(
            sent=len(sealed),
            due=due,
            received=self._received() - before,
            cpu=cpu,
            seconds=seconds,
            late_p99=percentile(sent.late, 0.99),
        )

    async def send(
        self, sealed: list[Sealed], by: Sequence[Send] | None = None
    ) -> Deliveries:
        """Send sealed packets at their times, each by its stream's own way, or ``by``."""
        ways = by or [stream.source.send_sealed for stream in self._streams]
        begin = time.monotonic() + LEAD
        for source, (_, phase) in self._projectors.items():
            source.begun = begin + phase - self._begun
        sending = Deliveries([(at, ways[n], data) for at, n, data in sealed])
        await sending.run(begin)
        return sending

    def _sinks(self) -> list[SecureSocket]:
        return [sink.wired for one in self._streams for sink in one.sinks]

    def sealed(self, seconds: float) -> list[Sealed]:
        """Seal the film's next seconds for every stream."""
        self._begun, until = self._shown, self._shown + seconds
        found: list[Sealed] = []
        for n, (source, (projector, phase)) in enumerate(self._projectors.items()):
            times, packets = [], []
            while projector.next_at < until:
                at, packet = source.write(projector)
                times.append(at - self._shown + phase)
                packets.append(packet)
            whole = zip(times, source.seal(packets), strict=True)
            found += [(at, n, data) for at, data in whole]
        self._shown = until
        return sorted(found, key=itemgetter(0))

    async def _settle(self, due: int) -> None:
        """Wait for what still comes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLE):
                while self._received() < due:  # noqa: ASYNC110 - packets set no event
                    await asyncio.sleep(LOOK)

    def _received(self) -> int:
        return sum(
            stream.received
            for one in self._streams
            for sink in one.sinks
            for stream in sink.receiving.values()
        )


@contextmanager
def _no_collection() -> Iterator[None]:
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


@contextmanager
def apart(*pids: int) -> Iterator[None]:
    """Keep the servers on one processor and whoever feeds them on the others.

    Whose packets wake whom, and where, is chance otherwise, and it is much of the cost.
    Where the system lets us, all of them go before whatever else runs on this machine.
    """
    allowed = os.sched_getaffinity(0)
    servers = [thread for pid in pids for thread in _threads(pid)]
    hurried = [thread for thread in (*servers, 0) if _hurry(thread)]
    if len(allowed) > 1:
        for thread in servers:
            os.sched_setaffinity(thread, {max(allowed)})
        os.sched_setaffinity(0, allowed - {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)
        for thread in hurried:
            with contextlib.suppress(ProcessLookupError):
                os.sched_setscheduler(thread, os.SCHED_OTHER, os.sched_param(0))


def _hurry(thread: int) -> bool:
    try:
        os.sched_setscheduler(thread, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        return False
    return True


def _threads(pid: int) -> list[int]:
    return [int(name) for name in os.listdir(f"/proc/{pid}/task")]  # noqa: PTH208
