"""How long a caller will wait, and how likely the promise is broken: in closed form.

Pure. Whoever is ``ahead`` of a caller leaves the line when an agent comes free (at
``rate``: completions a second of all agents who could serve the caller) or when their
patience ends (``leaving``: one over its mean, each of them). So the wait is the sum of
independent exponential times with the rates ``rate + j * leaving``, j from 0 to
``ahead``; that is -ln(X) / leaving for X of the distribution Beta(rate / leaving,
ahead + 1), and Gamma(ahead + 1) / rate where nobody leaves. It knows nothing of the
caller's past: who has waited in vain is where the next one at this place is.

This is the corrected queue-length estimator: of those that need no history it has half
the squared error of the last caller's wait (Ibrahim and Whitt 2009).
"""

import math
from dataclasses import dataclass
from typing import Final

from queueing.distributions import beta_share, digamma, gamma_beyond, trigamma

RANGE: Final = 1.2815515655446004
"""Standard deviations that leave a tenth on either side: four of five waits fall into
the range that a caller is told."""

_PATIENT: Final = 1e-6
"""Below this share of the rate, nobody leaves: the Beta has become a Gamma."""


@dataclass(frozen=True, slots=True)
class Line:
    """Who is before a caller. ``rate`` and ``leaving`` are per second.

    ``ahead`` may be a fraction: a caller who might as well be served by others counts
    for the part of them that competes. Without a rate, nobody will come.
    """

    rate: float
    leaving: float
    ahead: float

    @property
    def is_moving(self) -> bool:
        return self.rate > 0

    @property
    def mean(self) -> float:
        """The wait from now, in seconds, of one who stays."""
        if self._is_patient:
            return (self.ahead + 1) / self.rate
        begin = self.rate / self.leaving
        return (digamma(begin + self.ahead + 1) - digamma(begin)) / self.leaving

    @property
    def variance(self) -> float:
        """Its variance, in square seconds."""
        if self._is_patient:
            return (self.ahead + 1) / self.rate**2
        begin = self.rate / self.leaving
        spread = trigamma(begin) - trigamma(begin + self.ahead + 1)
        return spread / self.leaving**2

    @property
    def between(self) -> tuple[float, float]:
        """The wait that one of ten undercuts, and the one that one of ten exceeds.

        By the cube root of a Gamma of the same mean and variance (Wilson and Hilferty
        1931): 2 µs instead of some 300 for the exact figures, which it misses by less
        than 3 % of the mean while agents come sooner than patience ends, else by
        less than 10 %.
        """
        mean = self.mean
        ninth = self.variance / (9 * mean * mean)
        low, high = (
            mean * max(0.0, 1 - ninth + side * RANGE * math.sqrt(ninth)) ** 3
            for side in (-1, 1)
        )
        return low, high

    def beyond(self, seconds: float) -> float:
        """Give the probability that the wait from now is longer than so many seconds.

        With the seconds that a promise has left, it is that of breaking it.
        """
        if seconds <= 0 or not self.is_moving:
            return 1.0
        if self._is_patient:
            return gamma_beyond(self.rate * seconds, self.ahead + 1)
        left = math.exp(-self.leaving * seconds)
        return beta_share(left, self.rate / self.leaving, self.ahead + 1)

    @property
    def _is_patient(self) -> bool:
        return self.leaving < _PATIENT * self.rate
