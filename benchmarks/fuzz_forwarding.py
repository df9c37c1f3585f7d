"""Hostile RTP and RTCP right into the forwarding rules, with no SRTP in between.

libsrtp seals no packet whose head lies about its length, so some lies get this far only
here: should libsrtp ever let them through, the rules must stand by themselves.
"""

import gc
from random import Random
from typing import Final

from benchmarks.mutations import Film, Stream, Talk
from relay.forwarding.browser import Browser
from relay.forwarding.head import ExtensionIds
from relay.forwarding.line import Kind, Line
from relay.forwarding.rtp import payload_offset
from relay.forwarding.vp8 import starts_key_frame

STEP: Final = 0.004
"""Seconds between two packets, on the rules' own clock."""

TICK_EVERY: Final = 5
HEARD: Final = 2001


class Forwarding:
    """Two browsers that see each other, in this process; one clock, no socket."""

    def __init__(self, chance: Random) -> None:
        self.exceptions: Final[list[str]] = []
        self._chance = chance
        self._now = 1.0
        self._sent: list[bytes] = []
        self.ends: Final = [
            Browser(self._hear, _nobody, observes=False),
            Browser(_nobody, _nobody, observes=False),
        ]
        self._films = [Film(chance, stream_of(0)), Film(chance, stream_of(1))]
        self._talks = [Talk(chance, film.stream) for film in self._films]
        for number, browser in enumerate(self.ends):
            browser.agree(lines_of(number))
        for here, there in (self.ends, self.ends[::-1]):
            for kind in Kind:
                there.outlets(kind)[0].attach(here.sources(kind)[0])
            here.sources(Kind.VIDEO)[0].show(lambda _frame, _now: None)

    def attack(self, kind: str, count: int) -> None:
        """Let either browser send hostile packets; what is raised is noted."""
        for n in range(count):
            end = self._chance.randrange(2)
            drawn = self._films[end] if kind == "rtp" else self._talks[end]
            self._take(end, kind, drawn.hostile())
            if kind == "rtcp" and n % 4 == 0:  # something to report on and to ask for
                self._take(end, "rtp", self._films[end].sound())
            if n % TICK_EVERY == 0:
                self._tick()

    def forwards(self) -> bool:
        """Say whether a picture still passes from the second browser to the first."""
        self._now += 1.0
        self._tick()
        self._films[1].leap()
        packets = self._films[1].key_frame()
        for data in packets:
            self._take(1, "rtp", data)
        heard = [data for data in self._sent if data[8:12] == HEARD.to_bytes(4)]
        self._sent.clear()
        begins = (starts_key_frame(d, payload_offset(d)) for d in heard)
        return len(heard) == len(packets) and next(begins)

    def objects(self) -> int:
        """Count what is alive in this process."""
        gc.collect()
        return len(gc.get_objects())

    def _take(self, end: int, kind: str, data: bytes) -> None:
        self._now += STEP
        browser = self.ends[end]
        hear = browser.hear_rtp if kind == "rtp" else browser.hear_rtcp
        try:
            hear(data, self._now)
        except Exception as error:  # noqa: BLE001 - what it finds is what it is for
            self.exceptions.append(f"{kind} {data.hex()}: {error!r}")

    def _tick(self) -> None:
        self._sent.clear()
        for browser in self.ends:
            try:
                browser.tick(self._now)
            except Exception as error:  # noqa: BLE001 - as above
                self.exceptions.append(f"tick: {error!r}")

    def _hear(self, *parts: bytes) -> None:
        self._sent.append(b"".join(parts))


def _nobody(*_parts: bytes) -> None:
    """Stand for a browser that says nothing of what it hears."""


def stream_of(number: int) -> Stream:
    """Name what each of the two browsers sends."""
    base = 1000 * (number + 1) * 10
    return Stream(
        ssrc=base + 1, rtx_ssrc=base + 2, audio_ssrc=base + 3, heard_ssrc=HEARD + number
    )


def lines_of(number: int) -> tuple[Line, ...]:
    """Agree with a browser on a picture and a sound, both ways."""
    stream = stream_of(number)
    video = Line(
        mid=stream.mid.decode(),
        kind=Kind.VIDEO,
        receives=True,
        sends=True,
        payload_type=stream.payload_type,
        rtx_payload_type=stream.rtx_payload_type,
        extensions=ExtensionIds(mid=4, abs_send_time=2),
        their_ssrc=stream.ssrc,
        their_rtx_ssrc=stream.rtx_ssrc,
        our_ssrc=stream.heard_ssrc,
        our_rtx_ssrc=stream.heard_ssrc + 1000,
        cname="x-1",
    )
    audio = Line(
        mid="0",
        kind=Kind.AUDIO,
        receives=True,
        sends=True,
        payload_type=stream.audio_payload_type,
        rtx_payload_type=0,
        extensions=ExtensionIds(mid=4, audio_level=1),
        their_ssrc=stream.audio_ssrc,
        their_rtx_ssrc=0,
        our_ssrc=stream.heard_ssrc + 2000,
        our_rtx_ssrc=0,
        cname="x-2",
    )
    return video, audio
