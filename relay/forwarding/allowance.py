"""How much somebody may ask for in a second, where what is over is dropped."""


class Allowance:
    """Counted down, and filled up when too little is left, by what time has brought.

    No more than a second's worth is ever there. ``left`` may be counted down from
    outside, where a call for each packet would cost too much.
    """

    __slots__ = ("_a_second", "_at", "left")

    def __init__(self, a_second: int) -> None:
        self.left = 0
        self._a_second = a_second
        self._at = -1e9

    def take(self, count: int, now: float) -> bool:
        """Take so much, or nothing where that is more than is left."""
        if self.left < count:
            self.refill(now)
        if self.left < count:
            return False
        self.left -= count
        return True

    def refill(self, now: float) -> bool:
        """Fill up; says whether anything is left now."""
        gone = now - self._at
        due = int(gone * self._a_second) if gone < 1 else self._a_second
        self._at = self._at + due / self._a_second if gone < 1 else now
        self.left = min(self._a_second, self.left + due)
        return self.left > 0
