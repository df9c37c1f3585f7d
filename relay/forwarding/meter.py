"""What one leg carries: rates, pictures a second, loss; for people who look after it."""

from collections.abc import Collection
from dataclasses import dataclass

from relay.forwarding.downlink import Downlink
from relay.forwarding.line import Kind
from relay.forwarding.uplink import Uplink


@dataclass(frozen=True, slots=True)
class Reading:
    """A leg's last second; ``lost_…`` are shares, of the stream that fares worst."""

    in_bps: float = 0.0
    out_bps: float = 0.0
    fps: float = 0.0
    lost_in: float = 0.0
    lost_out: float = 0.0


@dataclass(frozen=True, slots=True)
class _Sums:
    octets_in: int = 0
    octets_out: int = 0
    frames: int = 0


class Meter:
    """Reads a leg's counts once a second."""

    def __init__(self) -> None:
        self.reading = Reading()
        self._before = _Sums()
        self._at: float | None = None

    def read(
        self,
        ups: Collection[Uplink],
        downs: Collection[Downlink],
        lost_in: float,
        now: float,
    ) -> None:
        """Take the counts as they are now; what a line had counted may go with it."""
        sums = _Sums(
            sum(up.octets for up in ups),
            sum(down.octets for down in downs),
            sum(up.frames for up in ups if up.line.kind is Kind.VIDEO),
        )
        before, since = self._before, self._at
        self._before, self._at = sums, now
        if since is None or now <= since:
            return
        gone = now - since
        self.reading = Reading(
            max(0, sums.octets_in - before.octets_in) * 8 / gone,
            max(0, sums.octets_out - before.octets_out) * 8 / gone,
            max(0, sums.frames - before.frames) / gone,
            lost_in,
            max((down.lost for down in downs if down.source is not None), default=0.0),
        )
