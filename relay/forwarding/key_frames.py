"""When to ask a browser for a key frame, and when a whole one has gone through."""

from typing import Final

from relay.forwarding.serial import ahead16

RETRY: Final = 0.2
"""Seconds between two askings while somebody waits for a first picture."""

THROTTLE: Final = 0.5
"""Seconds between two askings for somebody whose picture broke."""

MOST_PACKETS: Final = 2000
"""Packets that a key frame has at most: some two megabytes."""


class KeyFrameRequests:
    """The askings of one source: throttled, and repeated until the frame comes."""

    def __init__(self) -> None:
        self.wanted = False
        self._urgent = self._broken = False
        self._asked = -1e9

    def want(self, *, urgent: bool) -> None:
        """Somebody needs a key frame; urgent when they have no picture at all."""
        self.wanted = True
        self._urgent = self._urgent or urgent
        self._broken = self._broken or not urgent

    def came(self) -> None:
        """A key frame begins to arrive."""
        self.wanted = self._urgent = self._broken = False

    def served(self) -> None:
        """Whoever had no picture has one; a picture that broke is still broken."""
        self._urgent = False
        self.wanted = self._broken

    def due(self, now: float) -> bool:
        """Say whether to ask now, and note that it was done."""
        if not self.wanted:
            return False
        if now - self._asked < (RETRY if self._urgent else THROTTLE):
            return False
        self._asked = now
        return True


class KeyFrameWatch:
    """Follows the first whole key frame of one source to one sink.

    ``forwarded`` turns true once every packet of it has gone; ``last`` is then the
    number of its last packet as the sink knows it.
    """

    __slots__ = (
        "_end",
        "_first",
        "_gone",
        "_timestamp",
        "delivered",
        "forwarded",
        "last",
    )

    def __init__(self) -> None:
        self._timestamp = -1
        self._first = -1
        self._end = -1
        self._gone: set[int] = set()
        self.forwarded = False
        self.delivered = False
        self.last = -1

    def passed(self, sequence: int, timestamp: int, *, marker: bool, key: bool) -> bool:
        """Note a packet sent to the sink; true when it completes the key frame."""
        if self.forwarded:
            return False
        if key:
            if timestamp != self._timestamp:
                self._gone.clear()
                self._end = -1
            self._timestamp, self._first = timestamp, sequence
        if timestamp != self._timestamp:
            return False
        if len(self._gone) < MOST_PACKETS:
            self._gone.add(sequence)
        if marker:
            self._end = sequence
        return self._is_whole()

    def acknowledged(self, highest: int) -> bool:
        """Note the highest number that the sink has seen; true when that delivers."""
        if not self.forwarded or self.delivered or ahead16(highest, self.last) < 0:
            return False
        self.delivered = True
        return True

    def _is_whole(self) -> bool:
        if self._end < 0 or self._first < 0:
            return False
        count = ((self._end - self._first) & 0xFFFF) + 1
        if count > MOST_PACKETS or len(self._gone) < count:
            return False
        if any((self._first + i) & 0xFFFF not in self._gone for i in range(count)):
            return False
        self.forwarded = True
        self.last = self._end
        self._gone.clear()
        return True
