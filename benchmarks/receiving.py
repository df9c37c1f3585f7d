"""One stream that a peer is sent: what is missing, what is reported, what came again."""

from dataclasses import dataclass
from typing import Final

from benchmarks.peer_sdp import Section
from relay.forwarding.rtcp import Report

ASK_EVERY: Final = 0.1
MAX_ASKS: Final = 10
MAX_MISSING: Final = 1000


@dataclass(slots=True)
class _Asked:
    times: int = 0
    due: float = 0.0


class Receiving:
    """Counts one stream; numbers are RTP's, 16 bits.

    With ``lose_every`` each n-th packet of a picture is thrown away when it comes first,
    so that the stream is asked again, as it is on any network. ``far`` is how many
    seconds there and back it lets the sender believe in.
    """

    def __init__(
        self, theirs: Section, *, lose_every: int = 0, far: float = 0.0
    ) -> None:
        self.video: Final = theirs.kind == "video"
        self.mid: Final = theirs.mid
        self.ssrc: Final = theirs.ssrc
        self.payload_type: Final = theirs.payload_type
        self.received = self.duplicates = 0
        self.thrown_away = self.asked = self.recovered = self.given_up = 0
        self.highest = -1
        self._lose_every = lose_every if self.video else 0
        self._until_loss = self._lose_every // 2
        self._cycles = self._first = 0
        self._missing: dict[int, _Asked] = {}
        self._before = (0, 0)
        self._clock = (0, 0.0)
        self._far = far

    def hear(self, sequence: int) -> bool:
        """Count a packet; says whether it is new."""
        if self._lose_every:
            self._until_loss -= 1
            if self._until_loss == 0 and self.highest >= 0:
                self._until_loss = self._lose_every
                self.thrown_away += 1
                return False
        if (sequence - self.highest) & 0xFFFF == 1 and self.highest >= 0:
            self._step(sequence)
            self.received += 1
            return True
        return self._mind(sequence)

    def recover(self, sequence: int) -> bool:
        """Count a packet that a retransmission brought; says whether it was missing."""
        if self._missing.pop(sequence, None) is None:
            self.duplicates += 1
            return False
        self.recovered += 1
        self.received += 1
        return True

    def due(self, now: float) -> list[int]:
        """Give the numbers to ask for now; after `MAX_ASKS` one is given up."""
        wanted = []
        for number, asked in list(self._missing.items()):
            if asked.due > now:
                continue
            if asked.times == MAX_ASKS:
                del self._missing[number]
                self.given_up += 1
                continue
            asked.times += 1
            asked.due = now + ASK_EVERY
            wanted.append(number)
        self.asked += len(wanted)
        return wanted

    @property
    def expected(self) -> int:
        """How many packets there were up to the newest."""
        return self._extended - self._first + 1 if self.highest >= 0 else 0

    @property
    def lost(self) -> int:
        """How many never came, those that may still come among them."""
        return self.expected - self.received

    def hear_clock(self, ntp: int, now: float) -> None:
        """Take a sender report's time."""
        self._clock = (ntp >> 16 & 0xFFFFFFFF, now)

    def report(self, now: float) -> Report | None:
        """Write the block of a receiver report; None before the first packet."""
        if self.highest < 0:
            return None
        expected, received = self.expected, self.received
        should = expected - self._before[0]
        lost = max(0, should - (received - self._before[1]))
        self._before = (expected, received)
        fraction = min(255, lost * 256 // should) if should else 0
        lsr, at = self._clock
        dlsr = max(0, round((now - at - self._far) * 65_536)) if lsr else 0
        highest = self._extended
        return Report(self.ssrc, fraction, max(0, self.lost), highest, 0, lsr, dlsr)

    @property
    def _extended(self) -> int:
        return self._cycles + self.highest

    def _step(self, sequence: int) -> None:
        if sequence < self.highest:
            self._cycles += 1 << 16
        self.highest = sequence

    def _mind(self, sequence: int) -> bool:
        """Take a packet that is not the next."""
        if self.highest < 0:
            self.highest = self._first = sequence
            self.received += 1
            return True
        ahead = (sequence - self.highest) & 0xFFFF
        if ahead == 0 or ahead >= 0x8000:
            return self._come_late(sequence)
        if self.video:
            for n in range(1, min(ahead, MAX_MISSING)):
                self._missing[(sequence - n) & 0xFFFF] = _Asked()
        self._step(sequence)
        self.received += 1
        return True

    def _come_late(self, sequence: int) -> bool:
        if self._missing.pop(sequence, None) is None:
            self.duplicates += 1
            return False
        self.received += 1
        return True
