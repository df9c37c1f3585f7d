"""The same stream through our relay, Janus and MediaRelay, round after round."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Final

from rich.console import Console

from benchmarks import janus
from benchmarks.janus import Janus
from benchmarks.load import MOST_LOSS, Load, Round, apart
from benchmarks.media_peer import MediaPeer
from benchmarks.media_relay import MediaRelayRival
from benchmarks.packets import Film
from benchmarks.relay_figures import MEDIA_RELAY, TWO_WATCHERS, Result, compare
from benchmarks.relay_rivals import OurRelay, Rival, Stream

WARM_UP: Final = 0.5
JANUS_MODES: Final = ("threads", "1 loop")


@dataclass(slots=True)
class Racer:
    """One rival with its streams, and its rounds that count."""

    name: str
    pid: int
    streams: list[Stream] = field(repr=False)
    load: Load = field(repr=False)
    rounds: list[Round] = field(default_factory=list)
    frames: list[int] = field(default_factory=list)
    discarded: int = 0
    missed_before: tuple[int, int] = (0, 0)

    @classmethod
    async def line_up(
        cls,
        rival: Rival,
        film: Film,
        streams: int,
        *,
        watchers: int = 1,
        name: str = "",
    ) -> "Racer":
        """Let a rival make its streams."""
        made = [await rival.stream(watchers=watchers) for _ in range(streams)]
        return cls(name or rival.name, rival.pid, made, Load(made, film))

    async def warm_up(self) -> None:
        """Send a little, so that everybody learns how far away everybody is."""
        await self.load.round(WARM_UP, self.pid)

    async def run(self, seconds: float) -> str:
        """Send for so long, and say in a sentence what came of it."""
        if not self.rounds:
            self.missed_before = self._missed()
        frames = count_frames(sink for one in self.streams for sink in one.sinks)
        one = await self.load.round(seconds, self.pid)
        if one.loss > MOST_LOSS and self.name != MEDIA_RELAY:
            self.discarded += 1
            return f"{self.name} lost {one.loss:.2%}, discarded"
        self.rounds.append(one)
        self.frames.append(frames())
        return (
            f"{self.name} {one.us_per_packet:.1f} µs a packet, {one.cpu / seconds:.0%} "
            f"of a core, {self.frames[-1]} pictures shown, packets sent late by "
            f"{one.late_p99 * 1e3:.1f} ms (p99)"
        )

    def result(self) -> Result:
        """Give what is compared."""
        pairs = zip(self.rounds, self.frames, strict=True)
        peers = [p for one in self.streams for p in (one.source, *one.sinks)]
        return Result(
            name=self.name,
            packet_us=[one.us_per_packet for one in self.rounds],
            frame_us=[one.cpu / max(1, frames) * 1e6 for one, frames in pairs],
            profile=" and ".join(sorted({peer.profile for peer in peers})),
            features=self._features(),
            discarded=self.discarded,
        )

    def _features(self) -> list[str]:
        """Say what was seen at work, not only agreed on."""
        sources = [stream.source.heard for stream in self.streams]
        sinks = [sink for stream in self.streams for sink in stream.sinks]
        now, before = self._missed(), self.missed_before
        missed, again = (a - b for a, b in zip(now, before, strict=True))
        seen = {
            "NACK and RTX": again * 10 > missed * 9 > 0,
            "RR": all(heard.reports for heard in sources),
            "SR": all(sink.heard.sender_reports for sink in sinks),
            "REMB": any(heard.remb_bps for heard in sources),
            "transport-cc": any(heard.transport_feedback for heard in sources),
        }
        return [name for name, yes in seen.items() if yes]

    def _missed(self) -> tuple[int, int]:
        """Count what was thrown away, and what of it came again."""
        sinks = (sink for stream in self.streams for sink in stream.sinks)
        found = [one for sink in sinks for one in sink.receiving.values()]
        return sum(o.thrown_away for o in found), sum(o.recovered for o in found)


async def race(
    *,
    film: Film,
    rounds: int,
    seconds: float,
    streams: int,
    console: Console,
    janus_modes: Sequence[str] = JANUS_MODES,
) -> dict[str, Any]:
    """Let everybody forward in turns.

    Raises:
        UnequalError: not everybody had the same switched on, or lost nothing.

    """
    async with AsyncExitStack() as stack:
        racers = await _line_up(stack, film, streams, janus_modes)
        if janus.installed() is None:
            console.print("Janus is not installed (Debian: janus); it does not race.")
        with apart(*(racer.pid for racer in racers)):
            for racer in racers:
                await racer.warm_up()
            for number in range(1, rounds + 1):
                for racer in racers:
                    console.print(f"round {number}: {await racer.run(seconds)}")
        return compare(
            [racer.result() for racer in racers],
            streams=streams,
            packets_a_second=film.packets_a_second,
        )


async def _line_up(
    stack: AsyncExitStack, film: Film, streams: int, janus_modes: Sequence[str]
) -> list[Racer]:
    ours = await stack.enter_async_context(OurRelay.open())
    other = await stack.enter_async_context(OurRelay.open())
    racers = [
        await Racer.line_up(ours, film, streams),
        await Racer.line_up(other, film, streams, watchers=2, name=TWO_WATCHERS),
    ]
    for mode in janus_modes if janus.installed() is not None else ():
        rival = await stack.enter_async_context(Janus.open(mode))
        racers.append(await Racer.line_up(rival, film, streams))
    decoding = await stack.enter_async_context(MediaRelayRival.open())
    return [*racers, await Racer.line_up(decoding, film, 1)]


def count_frames(sinks: Iterable[MediaPeer]) -> Callable[[], int]:
    """Count the ends of pictures that arrive from now on."""
    found = 0

    def listen(sink: MediaPeer) -> None:
        pictures = {ssrc for ssrc, one in sink.receiving.items() if one.video}

        def hear(packet: bytes, _now: float) -> None:
            nonlocal found
            if packet[1] > 127 and int.from_bytes(packet[8:12]) in pictures:
                found += 1

        sink.on_packet = hear

    for sink in sinks:
        listen(sink)
    return lambda: found
