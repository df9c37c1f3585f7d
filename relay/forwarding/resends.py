"""How much a browser is sent again: never so much that it is the jam."""

from collections.abc import Callable, Sequence
from typing import Final

SHARE: Final = 0.5
"""Of what a line carries, for packets that are sent again: a hole must close soon."""

LEAST_BPS: Final = 100_000
UNKNOWN_BPS: Final = 1_000_000
BURST: Final = 0.5
"""Seconds' worth that may go at once."""

PACKET_BITS: Final = 8_000
SOONEST: Final = 0.7
"""Round trips before the same packet may go again: it may still be on its way."""

KEPT: Final = 2_048


class Resends:
    """Answers what one browser asks for again, as its line allows."""

    __slots__ = ("_at", "_bits", "_sent")

    def __init__(self) -> None:
        self._bits = UNKNOWN_BPS * SHARE * BURST
        self._at = 0.0
        self._sent: dict[tuple[int, int], float] = {}

    def answer(
        self,
        ssrc: int,
        lost: Sequence[int],
        again: Callable[[int], bool],
        now: float,
        *,
        rtt: float,
        bps: int | None,
    ) -> None:
        """Send again what may go now.

        Args:
            ssrc: of the stream.
            lost: numbers, as they were asked for.
            again: sends one of them again; says whether it could.
            now: seconds.
            rtt: to the browser and back.
            bps: what its line carries, where that is known.
        """
        self._fill(now, bps)
        for sequence in lost:
            if self._bits < PACKET_BITS:
                break
            key = (ssrc, sequence)
            if now - self._sent.get(key, -1e9) >= SOONEST * rtt and again(sequence):
                self._sent.pop(key, None)
                self._sent[key] = now
                self._bits -= PACKET_BITS
        while len(self._sent) > KEPT:
            del self._sent[next(iter(self._sent))]

    def _fill(self, now: float, bps: int | None) -> None:
        rate = max(LEAST_BPS, SHARE * (UNKNOWN_BPS if bps is None else bps))
        self._bits = min(
            max(rate * BURST, PACKET_BITS * 8),
            self._bits + rate * max(0.0, now - self._at),
        )
        self._at = now
