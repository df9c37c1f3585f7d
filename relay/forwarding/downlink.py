"""One m-line towards a browser: whatever source it has, its numbers run on."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from relay.forwarding import rtcp, vp8
from relay.forwarding.continuity import LOW, Continuity, Epoch, Numbers
from relay.forwarding.head import Head
from relay.forwarding.key_frames import KeyFrameWatch
from relay.forwarding.line import CLOCK_RATES, Kind, Line
from relay.forwarding.rtp import payload_offset
from relay.forwarding.tally import Tally

if TYPE_CHECKING:
    from relay.forwarding.uplink import Uplink

RESENDS_A_SECOND: Final = 1500
KEPT_REPORTS: Final = 8

Send = Callable[[bytes], None]


class Downlink:
    """Sends one source at a time over one m-line."""

    __slots__ = (
        "_budget",
        "_continuity",
        "_epoch",
        "_head",
        "_reports",
        "_rtx_sequence",
        "_send",
        "_ssrc",
        "_tally",
        "_type",
        "bound",
        "line",
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
        self.source: Uplink | None = None
        self.waiting = True
        self.watch: KeyFrameWatch | None = None
        self.bound: object = None
        self.on_forwarded: Callable[[], None] | None = None
        self.on_delivered: Callable[[], None] | None = None
        self.packets = self.octets = 0
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

    def attach(self, source: "Uplink | None") -> None:
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
        self._epoch = None

    def forward(  # noqa: PLR0917 - the hot path passes by position
        self,
        data: bytes,
        offset: int,
        sequence: int,
        timestamp: int,
        descriptor: vp8.Descriptor | None,
        level: int,
        now: float,
    ) -> None:
        """Send a packet of the source on; ``descriptor`` where a VP8 frame begins."""
        epoch = self._epoch
        if epoch is None:
            epoch = self._open(sequence, timestamp, descriptor, now)
            if epoch is None:
                return
        out = (sequence + epoch.sequence_offset) & 0xFFFF
        if (out - epoch.first) & 0x8000:
            return
        second = data[1] & 0x80
        media_time = (timestamp + epoch.timestamp_offset) & 0xFFFFFFFF
        payload = data[offset:]
        if epoch.picture_offset or epoch.tl0_offset:
            payload = vp8.renumber(payload, epoch.picture_offset, epoch.tl0_offset)
        head = self._head.make(
            data[0], second | self._type, out, media_time, self._ssrc, now, level
        )
        self._send(head + payload)
        self.packets += 1
        self.octets += len(payload)
        self._note(epoch, out, media_time, descriptor, now)
        if self.watch is not None:
            self._follow_key_frame(out, media_time, second != 0, descriptor)

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
        for middle, sent in self._reports:
            if middle == report.lsr and report.lsr:
                return max(0.001, now - sent - report.dlsr / 65536)
        return None

    def wants_key_frame(self) -> None:
        """Pass the browser's picture loss on to the source."""
        if self.source is not None and self.line.kind is Kind.VIDEO:
            self.source.requests.want(urgent=self.waiting)

    def _open(
        self,
        sequence: int,
        timestamp: int,
        descriptor: vp8.Descriptor | None,
        now: float,
    ) -> Epoch | None:
        picture = tl0 = -1
        if self.source is None:
            return None
        if self.line.kind is Kind.VIDEO:
            if descriptor is None or not descriptor.key:
                return None
            picture, tl0 = descriptor.picture_id, descriptor.tl0
        self.waiting = False
        first = Numbers(sequence, timestamp, picture, tl0)
        self._epoch = self._continuity.switch(self.source.history, first, now)
        return self._epoch

    def _note(
        self,
        epoch: Epoch,
        out: int,
        media_time: int,
        descriptor: vp8.Descriptor | None,
        now: float,
    ) -> None:
        picture = tl0 = -1
        if descriptor is not None and descriptor.picture_id >= 0:
            width = 0x7FFF if descriptor.wide else 0x7F
            picture = (descriptor.picture_id + epoch.picture_offset) & width
            if descriptor.tl0 >= 0:
                tl0 = (descriptor.tl0 + epoch.tl0_offset) & 0xFF
        self._continuity.sent(out, media_time, picture, tl0, now)

    def _follow_key_frame(
        self,
        out: int,
        media_time: int,
        marker: bool,  # noqa: FBT001 - the hot path passes by position
        descriptor: vp8.Descriptor | None,
    ) -> None:
        key = descriptor is not None and descriptor.key
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
        if epoch.picture_offset or epoch.tl0_offset:
            payload = vp8.renumber(payload, epoch.picture_offset, epoch.tl0_offset)
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
        self._send(head + payload)
        self._tally.resent += 1
