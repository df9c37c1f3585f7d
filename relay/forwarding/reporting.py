"""The reports on one leg, both ways: how packets arrive, and how long they take."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from relay.forwarding import rtcp
from relay.forwarding.downlink import Downlink
from relay.forwarding.line import Kind
from relay.forwarding.uplink import Uplink

EVERY: Final = 1.0
"""Seconds between two rounds of reports."""

DEFAULT_RTT: Final = 0.1
FAR: Final = 0.06
"""Round trips from which on it is better to ask and to answer twice than to wait."""

MAX_RTT: Final = 2.0
MAX_BLOCKS: Final = 31


@dataclass(frozen=True, slots=True)
class Round:
    """What is written to the browser, and how its pictures have arrived since the last.

    ``fraction`` is the worst stream's loss in 1/256.
    """

    texts: list[bytes]
    fraction: int
    received_bps: float
    packets: int


@dataclass(frozen=True, slots=True)
class Loss:
    """Which share of a second's packets a browser lost, and what was sent in it."""

    share: float
    sent_bps: float
    packets: int


@dataclass(frozen=True, slots=True)
class _Sums:
    lost: int
    highest: int
    octets: int
    at: float


class Reporting:
    """Reports each second; learns the round-trip time from the browser's."""

    def __init__(self) -> None:
        self.rtt = DEFAULT_RTT
        self._measured = False
        self.due_at = -1e9
        self._reported: float | None = None
        self._octets = self._packets = 0
        self._heard: dict[int, _Sums] = {}

    def loss(self, down: Downlink, report: rtcp.Report, now: float) -> Loss | None:
        """Tell what was lost towards the browser, once a second.

        Browsers report as often as they like, on a handful of packets.
        """
        ssrc = down.line.our_ssrc
        sums = _Sums(report.lost, report.highest, down.octets, now)
        before = self._heard.setdefault(ssrc, sums)
        gone = now - before.at
        if gone < EVERY:
            return None
        self._heard[ssrc] = sums
        packets = report.highest - before.highest
        lost = max(0, report.lost - before.lost)
        share = min(1.0, lost / packets) if packets > 0 else 0.0
        return Loss(share, 8 * (down.octets - before.octets) / gone, packets)

    @property
    def is_far(self) -> bool:
        """Whether a lost question or answer costs a noticeable time."""
        return self._measured and self.rtt > FAR

    def hear_rtt(self, rtt: float) -> None:
        """Take one measurement in; the first replaces what was only supposed."""
        rtt = min(rtt, MAX_RTT)
        self.rtt = self.rtt + (rtt - self.rtt) / 4 if self._measured else rtt
        self._measured = True

    def due(
        self,
        ups: Collection[Uplink],
        downs: Collection[Downlink],
        ssrc: int,
        now: float,
    ) -> Round | None:
        """Write what is due under ``ssrc``; None between two rounds."""
        if self._reported is None:
            self._reported = now
        gone = now - self._reported
        self.due_at = self._reported + EVERY
        if gone < EVERY:
            return None
        self._reported, self.due_at = now, now + EVERY
        blocks = [b for up in ups if (b := up.report(now))]
        texts = [text for down in downs if (text := down.report(now))]
        if blocks:
            texts.append(rtcp.receiver_report(ssrc, blocks[:MAX_BLOCKS]))
        return self._judged(ups, blocks, texts, gone)

    def _judged(
        self,
        ups: Collection[Uplink],
        blocks: list[rtcp.Report],
        texts: list[bytes],
        gone: float,
    ) -> Round:
        videos = [up for up in ups if up.line.kind is Kind.VIDEO]
        named = {up.ssrc for up in videos}
        octets = sum(up.octets for up in ups)
        packets = sum(up.reception.received for up in videos)
        done = Round(
            texts,
            max((b.fraction for b in blocks if b.ssrc in named), default=0),
            max(0, octets - self._octets) * 8 / gone,
            packets - self._packets,
        )
        self._octets, self._packets = octets, packets
        return done
