"""One m-line towards a browser: whatever source it has, its numbers run on."""

from collections.abc import Callable
from typing import Final, Protocol

from relay.forwarding import rtcp, vp8
from relay.forwarding.continuity import LOW, Continuity, Epoch, Numbers
from relay.forwarding.head import Head
from relay.forwarding.key_frames import KeyFrameWatch
from relay.forwarding.line import CLOCK_RATES, Kind, Line
from relay.forwarding.rtp import payload_offset
from relay.forwarding.source import Source
from relay.forwarding.tally import Tally

RESENDS_A_SECOND: Final = 1500
KEPT_REPORTS: Final = 8

Send = Callable[[bytes, bytes], None]
"""Takes a packet as its head and its payload."""


class Layers(Protocol):
    """Which temporal layers of its source an m-line gets now."""

    def passes(self, temporal_id: int, *, layer_sync: bool) -> bool:
        """Say whether a picture of that layer goes on."""


class Downlink:
    """Sends one source at a time over one m-line."""

    __slots__ = (
        "_budget",
        "_continuity",
        "_epoch",
        "_head",
        "_left_picture",
        "_reports",
        "_rtx_sequence",
        "_send",
        "_sent_at",
        "_ssrc",
        "_tally",
        "_type",
        "behind",
        "bound",
        "layers",
        "line",
        "lost",
        "octets",
        "on_delivered",
        "on_forwarded",
        "packets",
        "share",
        "source",
        "waiting",
        "watch",
    )

    def __init__(
        self,
        line: Line,
        send: Send,
        share: Callable[[float], int | None],
        tally: Tally,
    ) -> None:
        self.line = line
        self.share = share
        self.source: Source | None = None
        self.waiting = True
        self.watch: KeyFrameWatch | None = None
        self.bound: object = None
        self.on_forwarded: Callable[[], None] | None = None
        self.on_delivered: Callable[[], None] | None = None
        self.layers: Layers | None = None
        self.packets = self.octets = 0
        self.lost = self.behind = 0.0
        self._sent_at = 0.0
        self._left_picture = -1
        self._send = send
        self._tally = tally
        self._continuity = Continuity(CLOCK_RATES[line.kind])
        self._epoch: Epoch | None = None
        self._rtx_sequence = (line.our_rtx_ssrc & LOW) - 1
        self._budget = RESENDS_A_SECOND
        self._reports: list[tuple[int, float]] = []
        self.renegotiate(line)

    def renegotiate(self, line: Line) -> None:
        """Follow what was agreed anew; the SSRCs stay."""
        self.line = line
        self._type = line.payload_type
        self._ssrc = line.our_ssrc
        self._head = Head(line.extensions, line.mid)

    def attach(self, source: Source | None) -> None:
        """Change the source; its first key frame opens the way."""
        if self.source is not None:
            self.source.remove(self)
        self.source = source
        self.wait()
        if source is not None:
            source.add(self)

    def wait(self) -> None:
        """Let nothing through before the next key frame."""
        self.waiting = True
        if self._epoch is not None:
            self._continuity.leave(self._epoch)
            self._epoch = None

    def forward(  # noqa: PLR0917 - the hot path passes by position
        self,
        data: bytes,
        offset: int,
        sequence: int,
        timestamp: int,
        key: bool,  # noqa: FBT001 - as above
        level: int,
        now: float,
    ) -> None:
        """Send a packet of the source on; ``key`` where a key frame begins."""
        epoch = self._epoch
        if epoch is None:
            epoch = self._open(data, offset, sequence, timestamp, key, now)
            if epoch is None:
                return
        if self.layers is not None and self._leaves_out(data, offset, sequence):
            return
        out = epoch.numbers.send(sequence)
        if out < 0:
            return
        self._sent_at = now
        payload = data[offset:]
        if epoch.renumbers:
            payload = epoch.pictured(payload, sequence)
        marker = data[1] & 0x80
        media_time = (timestamp + epoch.timestamp_offset) & 0xFFFFFFFF
        head = self._head.make(
            data[0], marker | self._type, out, media_time, self._ssrc, now, level
        )
        self._send(head, payload)
        self.packets += 1
        self.octets += len(payload)
        if self.watch is not None:
            self._follow_key_frame(out, media_time, marker != 0, key)

    def resend(self, lost: list[int], now: float) -> None:
        """Answer a NACK, from the source's history; what is not there costs as much."""
        for sequence in lost:
            if self._budget <= 0:
                return
            self._budget -= 1
            found = self._continuity.original(sequence)
            if found is not None:
                self._resend(sequence, found[0], found[1], now)

    def report(self, now: float) -> bytes | None:
        """Write a sender report that keeps the source's clock; once a second."""
        self._budget = RESENDS_A_SECOND
        self._continuity.settle()
        if self.source is None or self._epoch is None or self.source.clock is None:
            return None
        clock = self.source.clock
        gone = max(0.0, now - clock.at)
        ntp = clock.ntp + int(gone * (1 << 32))
        moved = int(gone * CLOCK_RATES[self.line.kind])
        timestamp = clock.timestamp + self._epoch.timestamp_offset + moved
        self._reports.append((ntp >> 16 & 0xFFFFFFFF, now))
        del self._reports[:-KEPT_REPORTS]
        return rtcp.sender_report(
            self._ssrc, ntp, timestamp, self.packets, self.octets
        ) + rtcp.description(self._ssrc, self.line.cname)

    def acknowledged(self, report: rtcp.Report, now: float) -> float | None:
        """Take the browser's report on this m-line; gives the round-trip time."""
        if self.watch is not None and self.watch.acknowledged(report.highest & 0xFFFF):
            if self.on_delivered is not None:
                self.on_delivered()
            self.watch = None
        self.lost = report.fraction / 256
        for middle, sent in self._reports:
            if middle == report.lsr and report.lsr:
                return max(0.001, now - sent - report.dlsr / 65536)
        return None

    def wants_key_frame(self) -> None:
        """Pass the browser's picture loss on to the source."""
        if self.source is not None and self.line.kind is Kind.VIDEO:
            self.source.requests.want(urgent=self.waiting)

    def _open(  # noqa: PLR0917 - as above
        self,
        data: bytes,
        offset: int,
        sequence: int,
        timestamp: int,
        key: bool,  # noqa: FBT001 - as above
        now: float,
    ) -> Epoch | None:
        """Begin the source's stay, with a key frame where there are pictures."""
        if self.source is None:
            return None
        first = Numbers(sequence, timestamp, -1, -1)
        if self.line.kind is Kind.VIDEO:
            begun = vp8.describe(data, offset, len(data)) if key else None
            if begun is None:
                return None
            first = Numbers(sequence, timestamp, begun.picture_id, begun.tl0)
        self.waiting = False
        self._epoch = self._continuity.switch(
            self.source.history, first, now - self.behind, self._sent_at
        )
        self.behind = 0.0
        return self._epoch

    def _leaves_out(self, data: bytes, offset: int, sequence: int) -> bool:
        """Leave a packet out whose layer this m-line does not get."""
        found = vp8.describe(data, offset, len(data))
        epoch, layers = self._epoch, self.layers
        if found is None or epoch is None or layers is None:
            return False
        if layers.passes(found.temporal_id, layer_sync=found.layer_sync):
            return False
        new_picture = found.picture_id not in {-1, self._left_picture}
        if not epoch.numbers.leave_out(sequence, new_picture=new_picture):
            return False
        self._left_picture = found.picture_id
        epoch.renumbers = epoch.renumbers or new_picture
        return True

    def _follow_key_frame(
        self,
        out: int,
        media_time: int,
        marker: bool,  # noqa: FBT001 - the hot path passes by position
        key: bool,  # noqa: FBT001 - as above
    ) -> None:
        watch = self.watch
        if (
            watch is not None
            and watch.passed(out, media_time, marker=marker, key=key)
            and self.on_forwarded is not None
        ):
            self.on_forwarded()

    def _resend(self, sequence: int, epoch: Epoch, original: int, now: float) -> None:
        packet = epoch.history.get(original)
        if packet is None:
            return
        offset = payload_offset(packet)
        payload = packet[offset:]
        if epoch.renumbers:
            payload = epoch.pictured(payload, original)
        media_time = int.from_bytes(packet[4:8]) + epoch.timestamp_offset & 0xFFFFFFFF
        second = packet[1] & 0x80
        ssrc = self._ssrc
        number = sequence
        if self.line.rtx_payload_type:
            payload = sequence.to_bytes(2) + payload
            self._rtx_sequence = (self._rtx_sequence + 1) & 0xFFFF
            number, ssrc = self._rtx_sequence, self.line.our_rtx_ssrc
            second |= self.line.rtx_payload_type
        else:
            second |= self._type
        head = self._head.make(packet[0], second, number, media_time, ssrc, now)
        self._send(head, payload)
        self._tally.resent += 1
