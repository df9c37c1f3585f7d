"""One source: a browser's stream as it arrives, handed to everybody it is routed to."""

from collections.abc import Callable
from typing import Final

from relay.forwarding import rtp, vp8
from relay.forwarding.frames import Frame, FrameAssembler
from relay.forwarding.history import History
from relay.forwarding.key_frames import KeyFrameRequests
from relay.forwarding.line import CLOCK_RATES, Kind, Line
from relay.forwarding.nack import Nacks
from relay.forwarding.reception import MAX_LATE, NEXT, Arrival, Reception
from relay.forwarding.rtcp import Report
from relay.forwarding.serial import ahead16
from relay.forwarding.source import Sink, SourceClock
from relay.forwarding.tally import Tally

FRESH: Final = 0.3
"""Seconds after which who comes later waits for a key frame of their own: sooner, a
browser makes no second one."""

MAX_SINCE: Final = 128


class Uplink:
    """Receives one stream, repairs it, and forwards it."""

    __slots__ = (
        "_ask",
        "_assembler",
        "_is_video",
        "_key_at",
        "_key_sequence",
        "_level_id",
        "_on_frame",
        "_tally",
        "clock",
        "frames",
        "history",
        "line",
        "nacks",
        "octets",
        "reception",
        "requests",
        "sinks",
        "ssrc",
    )

    def __init__(
        self, line: Line, ask: Callable[[int, list[int]], None], tally: Tally
    ) -> None:
        self._ask = ask
        self._tally = tally
        self._assembler: FrameAssembler | None = None
        self._on_frame: Callable[[Frame, float], None] | None = None
        self.ssrc = line.their_ssrc
        self.sinks: tuple[Sink, ...] = ()
        self.requests = KeyFrameRequests()
        self.octets = self.frames = 0
        self.renegotiate(line)
        self._reset()

    def renegotiate(self, line: Line) -> None:
        """Follow what was agreed anew."""
        self.line = line
        self._is_video = line.kind is Kind.VIDEO
        self._level_id = line.extensions.audio_level

    def restart(self, ssrc: int) -> None:
        """Begin anew under another SSRC."""
        self.ssrc = ssrc
        self._reset()
        for sink in self.sinks:
            sink.wait()
        self._urge()

    def end(self) -> None:
        """Stop where the browser says that this stream ends (BYE).

        Should it go on after all, it goes on with a key frame.
        """
        for sink in self.sinks:
            sink.wait()
        self._reset()
        self._urge()

    def add(self, sink: Sink) -> None:
        """Forward to one more m-line, from the next key frame on."""
        self.sinks = (*self.sinks, sink)
        self._urge()

    def remove(self, sink: Sink) -> None:
        """Forward there no longer."""
        self.sinks = tuple(other for other in self.sinks if other is not sink)

    def show(self, on_frame: Callable[[Frame, float], None] | None) -> None:
        """Put whole frames together for the eye, or stop it."""
        self._on_frame = on_frame
        self._assembler = FrameAssembler() if on_frame is not None else None
        if on_frame is not None:
            self._urge()

    def receive(
        self, data: bytes, offset: int, sequence: int, timestamp: int, now: float
    ) -> None:
        """Take a packet that came the first way."""
        reception = self.reception
        highest = reception.highest
        arrival = reception.add(sequence)
        if arrival is not NEXT and not self._mind(arrival, sequence, highest, now):
            return
        if timestamp != reception.timestamp:
            reception.time(timestamp, now)
        self._spread(data, offset, sequence, timestamp, now)

    def recover(self, data: bytes, now: float) -> None:
        """Take a packet that a retransmission brought back.

        One of the future would carry everybody's numbers there, and the film, which goes
        on from where it is, would be too old for anybody.
        """
        _, _, sequence, timestamp, _ = rtp.HEADER.unpack_from(data)
        if not self.nacks.recovered(sequence):
            if not -MAX_LATE <= ahead16(sequence, self.reception.highest) <= 0:
                self._tally.unknown += 1
                return
            if self._is_duplicate(sequence):
                return
        self._spread(data, rtp.HEADER_LENGTH, sequence, timestamp, now)

    def begin_late(self, now: float) -> None:
        """Let who has just come begin with a key frame of a moment ago.

        Only where others see these pictures already, and nothing since then is missing.
        """
        late = [sink for sink in self.sinks if sink.waiting]
        if not 0 < len(late) < len(self.sinks) or now - self._key_at > FRESH:
            return
        since = (self.reception.highest - self._key_sequence) & 0xFFFF
        numbers = range(self._key_sequence, self._key_sequence + since + 1)
        if since >= MAX_SINCE or not all(self.history.get(n & 0xFFFF) for n in numbers):
            return
        first = self.history.get(self._key_sequence) or b""
        _, _, sequence, timestamp, _ = rtp.HEADER.unpack_from(first)
        for sink in late:
            sink.behind = now - self._key_at
            offset = rtp.payload_offset(first)
            sink.forward(first, offset, sequence, timestamp, True, -1, now)
            self._catch_up(sink, sequence, now)
        self.requests.served()

    def report(self, now: float) -> Report | None:
        """Write this second's report block on the stream."""
        if self.reception.highest < 0:
            return None
        lsr = dlsr = 0
        if self.clock is not None:
            lsr = self.clock.ntp >> 16 & 0xFFFFFFFF
            dlsr = int((now - self.clock.at) * 65536)
        return Report(
            self.ssrc,
            self.reception.fraction_lost(),
            self.reception.lost,
            self.reception.extended,
            int(self.reception.jitter),
            lsr,
            dlsr,
        )

    def _reset(self) -> None:
        self.history = History()
        self.reception = Reception(CLOCK_RATES[self.line.kind])
        self.nacks = Nacks()
        self._key_at, self._key_sequence = -1e9, 0
        self.clock: SourceClock | None = None
        if self._assembler is not None:
            self._assembler = FrameAssembler()

    def _urge(self) -> None:
        if self._is_video:
            self.requests.want(urgent=True)

    def _mind(self, arrival: Arrival, sequence: int, highest: int, now: float) -> bool:
        """Act on a packet out of order; says whether it goes on."""
        if arrival is Arrival.GAP:
            if self._is_video:
                missing = (sequence - highest - 1) & 0xFFFF
                lost = self.nacks.gap((highest + 1) & 0xFFFF, missing, now)
                if lost is None:
                    self._urge()
                elif lost:
                    self._ask(self.ssrc, lost)
        elif arrival is Arrival.LATE:
            is_missed = self.nacks.came_late(sequence, now)
            return is_missed or not self._is_duplicate(sequence)
        else:
            for sink in self.sinks:
                sink.wait()
            self.history.clear()
            self.nacks.clear()
            self._urge()
        return True

    def _is_duplicate(self, sequence: int) -> bool:
        if self.history.get(sequence) is None:
            return False
        self._tally.duplicates += 1
        return True

    def _spread(
        self, data: bytes, offset: int, sequence: int, timestamp: int, now: float
    ) -> None:
        self.history.put(sequence, data)
        self.octets += len(data)
        self.frames += data[1] >> 7
        level = -1
        if self._is_video:
            if vp8.starts_key_frame(data, offset):
                self._key_frame(data, offset, sequence, timestamp, now)
                self._assemble(data, offset, sequence, timestamp, now)
                return
        elif self._level_id:
            level = self._audio_level(data)
        for sink in self.sinks:
            sink.forward(data, offset, sequence, timestamp, False, level, now)
        if self._assembler is not None:
            self._assemble(data, offset, sequence, timestamp, now)

    def _key_frame(
        self, data: bytes, offset: int, sequence: int, timestamp: int, now: float
    ) -> None:
        """Forward the beginning of a key frame, which opens closed m-lines."""
        self.requests.came()
        self.nacks.forget_before(sequence)
        self._key_at, self._key_sequence = now, sequence
        for sink in self.sinks:
            opened = sink.waiting
            sink.forward(data, offset, sequence, timestamp, True, -1, now)
            if opened:
                self._catch_up(sink, sequence, now)

    def _catch_up(self, sink: Sink, sequence: int, now: float) -> None:
        """Forward what overtook the beginning of the key frame."""
        for ahead in range(1, ((self.reception.highest - sequence) & 0xFFFF) + 1):
            if ahead > 512:
                return
            packet = self.history.get((sequence + ahead) & 0xFFFF)
            if packet is None:
                continue
            offset = rtp.payload_offset(packet)
            key = vp8.starts_key_frame(packet, offset)
            _, _, number, timestamp, _ = rtp.HEADER.unpack_from(packet)
            sink.forward(packet, offset, number, timestamp, key, -1, now)

    def _assemble(
        self, data: bytes, offset: int, sequence: int, timestamp: int, now: float
    ) -> None:
        if self._assembler is None or self._on_frame is None:
            return
        end = rtp.payload_end(data, offset)
        payload = data[offset : max(end, offset)]
        for frame in self._assembler.add(
            sequence, timestamp, payload, now, marker=data[1] > 127
        ):
            self._on_frame(frame, now)

    def _audio_level(self, data: bytes) -> int:
        for number, value in rtp.extensions(data):
            if number == self._level_id and value:
                return value[0]
        return -1
