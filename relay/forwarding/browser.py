"""Everything that flows between one browser and the relay, without a socket."""

import secrets
from collections.abc import Callable, Iterable
from typing import Final

from relay.forwarding import rtcp, rtp
from relay.forwarding.allowance import Allowance
from relay.forwarding.downlink import Downlink, Send
from relay.forwarding.layers import Thinning
from relay.forwarding.line import Kind, Line
from relay.forwarding.meter import Meter
from relay.forwarding.reporting import Reporting
from relay.forwarding.resends import Resends
from relay.forwarding.source import SourceClock
from relay.forwarding.steering import Steering
from relay.forwarding.tally import Tally
from relay.forwarding.transport_cc import TransportFeedback, number_of
from relay.forwarding.uplink import Uplink

OBSERVERS_PATIENCE: Final = 3.0
"""Seconds between two key frames that an observer's broken picture costs a sender."""

ASKED_A_SECOND: Final = 4_000
"""Packets that a browser may ask for again: all of eight megabits, four times over."""

MAX_PAYLOAD: Final = 1_300
"""Octets of an RTP packet that can be sealed again under any head of ours; browsers send
1,200 at most. A number that SRTP never sees is missing in its count of wrap-arounds."""

RATE_EVERY: Final = 0.1
"""Seconds between two looks at what the browser may send."""


class Browser:
    """The streams of one leg: what it sends, what it is sent, and the talk about both.

    ``send_rtp`` and ``send_rtcp`` take plain packets, RTP as head and payload; encryption
    is theirs.
    """

    def __init__(
        self,
        send_rtp: Send,
        send_rtcp: Callable[[bytes], None],
        *,
        observes: bool,
    ) -> None:
        self._send_rtp = send_rtp
        self._send_rtcp = send_rtcp
        self._own_ssrc = secrets.randbits(31) | 1
        self._streams: dict[int, tuple[Uplink, bool]] = {}
        self._by_ssrc: dict[int, Downlink] = {}
        self.steering: Final = Steering(observes=observes)
        self.reporting: Final = Reporting()
        self.meter: Final = Meter()
        self._pictures: tuple[Uplink, ...] = ()
        self._rated_at = -1e9
        self._arrivals: Final = TransportFeedback()
        self._resends: Final = Resends()
        self._allowed: Final = Allowance(ASKED_A_SECOND)
        self._thinnings: dict[str, Thinning] = {}
        self._once_more: list[bytes] = []
        self._wide = 0
        self.uplinks: dict[str, Uplink] = {}
        self.downlinks: dict[str, Downlink] = {}
        self.tally = Tally()
        self.heard_at = -1.0
        self._asked_at = -1e9
        self.has_shown = False

    # ------------------------------------------------------------ negotiation

    def agree(self, lines: Iterable[Line]) -> None:
        """Follow what was negotiated: lines are added, inactivated and used again."""
        kept = {line.mid: line for line in lines}
        for line in kept.values():
            self._agree_up(line)
            self._agree_down(line)
        for mid in [mid for mid in self.uplinks if mid not in kept]:
            self._drop_uplink(mid)
        for mid in [mid for mid in self.downlinks if mid not in kept]:
            self._drop_downlink(mid)
        self._own_ssrc = next(iter(self._by_ssrc), self._own_ssrc)
        self._pictures = tuple(self.sources(Kind.VIDEO))
        wide = (line.extensions.transport_wide for line in kept.values())
        self._wide = next((number for number in wide if number), 0)

    def sources(self, kind: Kind) -> list[Uplink]:
        """List what the browser sends, in the order of its m-lines."""
        return [up for up in self.uplinks.values() if up.line.kind is kind]

    def outlets(self, kind: Kind) -> list[Downlink]:
        """List the m-lines on which the browser receives, in their order."""
        return [down for down in self.downlinks.values() if down.line.kind is kind]

    def close(self) -> None:
        """Let go of every stream; the browser hears a BYE."""
        if self._by_ssrc:
            self._send_rtcp(
                rtcp.receiver_report(self._own_ssrc, ())
                + rtcp.bye(tuple(self._by_ssrc))
            )
        self._pictures = ()
        for mid in list(self.uplinks):
            self._drop_uplink(mid)
        for mid in list(self.downlinks):
            self._drop_downlink(mid)

    def _agree_up(self, line: Line) -> None:
        if not line.receives:
            self._drop_uplink(line.mid)
            return
        up = self.uplinks.get(line.mid)
        if up is None:
            up = self.uplinks[line.mid] = Uplink(line, self._ask_again, self.tally)
        else:
            up.renegotiate(line)
            if line.their_ssrc and line.their_ssrc != up.ssrc:
                self._forget(up)
                up.restart(line.their_ssrc)
        if line.their_ssrc:
            self._streams[line.their_ssrc] = (up, False)
        if line.their_rtx_ssrc:
            self._streams[line.their_rtx_ssrc] = (up, True)

    def _agree_down(self, line: Line) -> None:
        if not line.sends:
            self._drop_downlink(line.mid)
            return
        down = self.downlinks.get(line.mid)
        if down is None:
            share = self._no_share if line.kind is Kind.AUDIO else self._share
            down = self.downlinks[line.mid] = Downlink(
                line, self._send_rtp, share, self.tally
            )
            self._by_ssrc[line.our_ssrc] = down
        else:
            down.renegotiate(line)

    def _drop_uplink(self, mid: str) -> None:
        up = self.uplinks.pop(mid, None)
        if up is None:
            return
        self._forget(up)
        for sink in up.sinks:
            sink.attach(None)

    def _drop_downlink(self, mid: str) -> None:
        down = self.downlinks.pop(mid, None)
        if down is not None:
            down.attach(None)
            self._by_ssrc.pop(down.line.our_ssrc, None)

    def _forget(self, up: Uplink) -> None:
        for ssrc in [s for s, (owner, _) in self._streams.items() if owner is up]:
            del self._streams[ssrc]

    # ------------------------------------------------------------------ media

    def hear_rtp(self, data: bytes, now: float) -> None:
        """Take a decrypted RTP packet."""
        offset = rtp.payload_offset(data)
        if offset < 0 or len(data) - offset > MAX_PAYLOAD:
            self.tally.malformed += 1
            return
        if self._wide:
            number = number_of(data, self._wide)
            if number >= 0:  # whatever becomes of the packet
                self._arrivals.arrived(number, now)
        _, second, sequence, timestamp, ssrc = rtp.HEADER.unpack_from(data)
        found = self._streams.get(ssrc)
        if found is None:
            found = self._learn(data, ssrc, second & 0x7F)
            if found is None:
                self.tally.unknown += 1
                return
        self.heard_at = now
        up, is_rtx = found
        if is_rtx:
            self._recover(up, data, offset, now)
        elif second & 0x7F == up.line.payload_type:
            up.receive(data, offset, sequence, timestamp, now)
        else:
            self.tally.unknown += 1

    def _recover(self, up: Uplink, data: bytes, offset: int, now: float) -> None:
        if data[1] & 0x7F != up.line.rtx_payload_type:
            self.tally.unknown += 1
            return
        packet = rtp.unwrap_rtx(data, offset, up.ssrc, up.line.payload_type)
        if packet is not None and up.reception.highest >= 0:
            up.recover(packet, now)

    def _learn(
        self, data: bytes, ssrc: int, payload_type: int
    ) -> tuple[Uplink, bool] | None:
        """Find the m-line of a stream that the offer did not announce."""
        up = self._line_of(data, payload_type)
        if up is None:
            return None
        is_rtx = payload_type == up.line.rtx_payload_type
        for known in [s for s, f in self._streams.items() if f == (up, is_rtx)]:
            del self._streams[known]
        if not is_rtx:
            up.restart(ssrc)
        self._streams[ssrc] = (up, is_rtx)
        return up, is_rtx

    def _line_of(self, data: bytes, payload_type: int) -> Uplink | None:
        able = [
            up
            for up in self.uplinks.values()
            if payload_type in (up.line.payload_type, up.line.rtx_payload_type)
        ]
        for up in able:
            wanted = (up.line.extensions.mid, up.line.mid.encode())
            if wanted[0] and wanted in rtp.extensions(data):
                return up
        silent = [up for up in able if not up.ssrc]
        return silent[0] if len(able) == 1 and silent else None

    # --------------------------------------------------------------- feedback

    def hear_rtcp(self, data: bytes, now: float) -> None:
        """Take a decrypted RTCP datagram."""
        heard = rtcp.parse(data)
        if heard.malformed:
            self.tally.malformed += 1
        self.heard_at = now
        if heard.remb is not None:
            self.steering.hear_remb(heard.remb, now)
        for info in heard.senders:
            self._set_clock(info, now)
        for report in heard.reports:
            self._acknowledge(report, now)
        for ssrc in set(heard.byes):
            self._end(ssrc)
        self._serve(heard, now)

    def _serve(self, heard: rtcp.Feedback, now: float) -> None:
        """Give the browser what it misses: packets again, or a key frame."""
        for ssrc, lost in heard.nacks:
            if not self._allowed.take(len(lost), now):
                self.tally.excess += 1
            elif ssrc in self._by_ssrc:
                self._resend(self._by_ssrc[ssrc], lost, now)
        broken = [ssrc for ssrc in heard.key_frames if ssrc in self._by_ssrc]
        if self.steering.observes and now - self._asked_at < OBSERVERS_PATIENCE:
            return
        for ssrc in broken:
            self._asked_at = now
            self._by_ssrc[ssrc].wants_key_frame()

    def _resend(self, down: Downlink, lost: list[int], now: float) -> None:
        has_room = self.reporting.is_far and self.steering.has_room(now)
        copies = 2 if has_room else 1

        def again(sequence: int) -> bool:
            before = self.tally.resent
            down.resend([sequence] * copies, now)
            return self.tally.resent > before

        self._resends.answer(
            down.line.our_ssrc,
            lost,
            again,
            now,
            rtt=self.reporting.rtt,
            bps=self.steering.carries(now),
        )

    def _set_clock(self, info: rtcp.SenderInfo, now: float) -> None:
        found = self._streams.get(info.ssrc)
        if found is not None and not found[1]:
            found[0].clock = SourceClock(info.ntp, info.timestamp, now)

    def _end(self, ssrc: int) -> None:
        found = self._streams.get(ssrc)
        if found is not None and not found[1]:
            found[0].end()

    def _acknowledge(self, report: rtcp.Report, now: float) -> None:
        down = self._by_ssrc.get(report.ssrc)
        if down is None:
            return
        if down.line.kind is Kind.VIDEO:
            loss = self.reporting.loss(down, report, now)
            if loss is not None:
                self.steering.hear_loss(loss.share, loss.sent_bps, loss.packets, now)
        rtt = down.acknowledged(report, now)
        if rtt is not None:
            self.reporting.hear_rtt(rtt)
            self.steering.hear_rtt(rtt, now)

    def _ask_again(self, ssrc: int, lost: list[int]) -> None:
        text = rtcp.nack(self._own_ssrc, ssrc, lost)
        self._send_rtcp(text)
        if self.reporting.is_far:
            self._once_more.append(text)

    # ------------------------------------------------------------------- time

    def tick(self, now: float) -> None:
        """Do what is due; called some fifty times a second."""
        if self._once_more:
            texts, self._once_more = self._once_more, []
            for text in texts:
                self._send_rtcp(text)
        for up in self._pictures:
            if up.nacks.missing or up.requests.wanted:
                self._repair(up, now)
        if now >= self.reporting.due_at:
            self._report(now)
        if self._wide and now >= self._arrivals.due_at:
            self._tell_arrivals(now)
        if now >= self._rated_at + RATE_EVERY or self.steering.hurries:
            self._rated_at = now
            self._tell_rate(now)
            self._thin(now)

    def _tell_arrivals(self, now: float) -> None:
        """Tell the browser which of its packets came when."""
        media = next((up.ssrc for up in self._pictures), 0)
        for text in self._arrivals.due(now, self._own_ssrc, media):
            self._send_rtcp(text)

    def _repair(self, up: Uplink, now: float) -> None:
        """Ask for what a source lost on its way here."""
        if up.reception.highest < 0:
            return
        if up.nacks.give_up(now):
            up.requests.want(urgent=False)
        lost = up.nacks.due(now, self.reporting.rtt)
        if lost:
            self._ask_again(up.ssrc, lost)
        up.begin_late(now)
        if up.requests.due(now):
            self._send_rtcp(rtcp.picture_loss(self._own_ssrc, up.ssrc))

    def _report(self, now: float) -> None:
        """Write this second's reports, and learn from them how the pictures arrive."""
        done = self.reporting.due(
            self.uplinks.values(), self.downlinks.values(), self._own_ssrc, now
        )
        if done is None:
            return
        self.has_shown = self.has_shown or any(up.octets for up in self._pictures)
        self.meter.read(
            self.uplinks.values(), self.downlinks.values(), done.fraction / 256, now
        )
        self.steering.judge(done.fraction, done.received_bps, done.packets)
        for text in done.texts:
            self._send_rtcp(text)

    def _tell_rate(self, now: float) -> None:
        videos = [up for up in self._pictures if up.reception.highest >= 0]
        if not videos:
            return
        sinks = (sink.share(now) for up in videos for sink in up.sinks)
        bps = self.steering.tell(sinks, now)
        if bps is not None:
            named = [up.ssrc for up in videos]
            self._send_rtcp(rtcp.remb(self._own_ssrc, bps, named))

    def _thin(self, now: float) -> None:
        """Leave layers out where the browser's line is too narrow for all of them."""
        shown = self._shown()
        budget = self.steering.bound(len(shown), now)
        for down in shown:
            thinning = self._thinnings.setdefault(down.line.mid, Thinning())
            is_thin = thinning.judge(
                down.octets, budget, now, observes=self.steering.observes
            )
            down.layers = thinning if is_thin else None

    def _shown(self) -> list[Downlink]:
        """List the m-lines that carry a picture now."""
        return [down for down in self.outlets(Kind.VIDEO) if down.source is not None]

    def _share(self, now: float) -> int | None:
        """Give what one source may send to this browser."""
        return self.steering.share(len(self._shown()), now)

    def _no_share(self, _now: float) -> int | None:
        return None
