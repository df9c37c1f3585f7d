"""How long packets were under way: what was sent when, beside what arrived when."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from relay.forwarding.rtp import HEADER

HALF: Final = 0x8000


class Delays:
    """Matches the packets of one leg on its way in and on its way out.

    A relay may give a stream other numbers, but always by the same difference, and other
    sources; so the first packet of a kind that came is the first that was sent. Packets
    are sealed: only their heads are looked at.
    """

    def __init__(self, kinds: dict[int, str]) -> None:
        """Take the kind of each source on the way out."""
        self._kinds = kinds
        self._arrivals: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)

    def hear(self, packet: bytes, at: float) -> None:
        """Note an arrival."""
        _, _, sequence, _, ssrc = HEADER.unpack_from(packet)
        self._arrivals[self._kinds[ssrc]].append((sequence, at))

    def of(self, kind: str, sent: Iterable[tuple[bytes, float]]) -> list[float]:
        """Give the seconds that each packet of a kind took; those lost are left out."""
        times: dict[int, float] = {}
        first = -1
        for packet, at in sent:
            sequence = HEADER.unpack_from(packet)[2]
            first = sequence if first < 0 else first
            times[(sequence - first) & 0xFFFF] = at
        arrived = self._arrivals[kind]
        if not arrived:
            return []
        begin = min(
            (sequence for sequence, _ in arrived),
            key=lambda sequence: (sequence - arrived[0][0] + HALF) & 0xFFFF,
        )
        gone = ((number - begin & 0xFFFF, at) for number, at in arrived)
        return [at - times[number] for number, at in gone if number in times]
