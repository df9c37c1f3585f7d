"""Many who send the same film live, each at a time of their own, and who watches them."""

import asyncio
import heapq
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Self

from benchmarks.eye_cost import children_of
from benchmarks.figures import percentile
from benchmarks.packets import Film, Projector
from benchmarks.relay_rivals import Stream, cpu_seconds
from benchmarks.sweep import swept
from relay.forwarding.rtp import HEADER

PICTURE: Final = 1 / 30
WALL: Final = time.CLOCK_REALTIME
"""The clock by which the system stamps what arrives."""


@dataclass(frozen=True, slots=True)
class Sung:
    """How the calls were for some seconds.

    Delays are from a picture's last packet sent to its arrival, as the system stamps it.
    """

    fps_p50: float
    fps_p5: float
    delay_ms_p50: float
    delay_ms_p99: float
    key_frames_a_minute: float
    relay_cores: float
    eye_cores: float


class Voice:
    """One who sends, and what of it arrives where it is watched.

    ``key_frames`` counts those that somebody wished for.
    """

    def __init__(self, stream: Stream, shown: Film, begun: float) -> None:
        self.source: Final = stream.source
        self.arrived: list[tuple[float, float]] = []
        self._projector = Projector(shown)
        self._sent: dict[int, float] = {}
        self.key_frames = self._asked = 0
        self._shift: int | None = None
        self._last_sent = 0
        self.source.begun = self._begun = begun
        [sink] = stream.sinks
        sink.only_count()
        sink.wired.stamp()
        sink.on_packet = self._hear
        self.sink: Final = sink.wired

    @property
    def due(self) -> float:
        """When the next packet is, on the clock of `time.monotonic`."""
        return self._begun + self._projector.next_at

    def sing(self) -> None:
        """Send what is due; with a key frame, if one was asked for."""
        asked = self.source.heard.key_frames
        if asked > self._asked and self._projector.is_between_pictures:
            self._asked = asked
            self.key_frames += 1
            self._projector.rewind(time.monotonic() - self._begun)
        _, packet = self.source.write(self._projector)
        _, second, _, timestamp, _ = HEADER.unpack_from(packet)
        if second & 0x80:
            self._last_sent = timestamp
            self._sent[timestamp] = time.clock_gettime(WALL)
        self.source.send(packet)

    def _hear(self, packet: bytes, at: float) -> None:
        """Note when a picture was there: the relay shifts all times by the same."""
        _, second, _, timestamp, _ = HEADER.unpack_from(packet)
        if not second & 0x80:
            return
        if self._shift is None:
            self._shift = timestamp - self._last_sent
        sent = self._sent.pop((timestamp - self._shift) & 0xFFFFFFFF, None)
        if sent is not None:
            self.arrived.append((at, at - sent))


class Choir:
    """All voices, and the processes of the relay that they sing to."""

    def __init__(self, voices: Sequence[Voice], pid: int) -> None:
        self._voices = voices
        self._pid = pid

    @classmethod
    @asynccontextmanager
    async def open(
        cls, streams: Sequence[Stream], shown: Film, pid: int
    ) -> AsyncIterator[Self]:
        """Let them sing until the block ends."""
        chance = random.Random(7)  # noqa: S311  it spreads pictures, it guards nothing
        begun = time.monotonic()
        voices = [
            Voice(stream, shown, begun + chance.uniform(0, PICTURE))
            for stream in streams
        ]
        async with asyncio.TaskGroup() as tasks:
            with swept([voice.sink for voice in voices]):
                singing = tasks.create_task(_sing(voices))
                yield cls(voices, pid)
                singing.cancel()

    async def sing(self, settles: float, seconds: float) -> Sung:
        """Let them get used to what has changed, then look for so long."""
        wished = self._wished()
        await asyncio.sleep(settles)
        for voice in self._voices:
            voice.arrived.clear()
        relay, eye = cpu_seconds(self._pid), self._eye()
        begun = time.clock_gettime(WALL)
        await asyncio.sleep(seconds)
        took = time.clock_gettime(WALL) - begun
        relay, eye = cpu_seconds(self._pid) - relay, self._eye() - eye
        wished = self._wished() - wished
        rates, delays = self._heard(begun, int(took))
        return Sung(
            fps_p50=percentile(rates, 0.5),
            fps_p5=percentile(rates, 0.05),
            delay_ms_p50=percentile(delays, 0.5) * 1e3,
            delay_ms_p99=percentile(delays, 0.99) * 1e3,
            key_frames_a_minute=60 * wished / len(self._voices) / (settles + seconds),
            relay_cores=relay / took,
            eye_cores=eye / took,
        )

    def _heard(self, begun: float, whole: int) -> tuple[list[int], list[float]]:
        """Give pictures in each whole second of each call, and what each one took."""
        rates: list[int] = []
        for voice in self._voices:
            seconds = Counter(int(at - begun) for at, _ in voice.arrived)
            rates += [seconds[number] for number in range(whole)]
        delays = [took for voice in self._voices for _, took in voice.arrived]
        return rates, delays

    def _wished(self) -> int:
        return sum(voice.key_frames for voice in self._voices)

    def _eye(self) -> float:
        return sum(map(cpu_seconds, children_of(self._pid)))


async def _sing(voices: Sequence[Voice]) -> None:
    """Send each packet when it is due; those of the same millisecond together."""
    order = [(voice.due, number) for number, voice in enumerate(voices)]
    heapq.heapify(order)
    while True:
        due, number = heapq.heappop(order)
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        voices[number].sing()
        heapq.heappush(order, (voices[number].due, number))
