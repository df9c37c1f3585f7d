"""How often somebody may try to sign in.

A bucket that leaks: every try fills it by one, time empties it, a full one refuses.
A try is charged before the password is looked at, so that a thousand tries at once
are counted like a thousand in turn, and given back when the password was right.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` tries at once, then one every `interval_s` seconds."""

    burst: int
    interval_s: float

    @property
    def memory_s(self) -> float:
        """After this long, the fullest bucket is empty and may be forgotten."""
        return self.burst * self.interval_s


PER_LOGIN: Final = Limit(burst=5, interval_s=30.0)
PER_ADDRESS: Final = Limit(burst=30, interval_s=4.0)  # an office shares one address


@dataclass(frozen=True, slots=True)
class Bucket:
    """How full it was (`level`, in tries) at `at`, seconds since the epoch."""

    level: float
    at: float


EMPTY: Final = Bucket(level=0.0, at=0.0)


def level_now(bucket: Bucket, limit: Limit, now: float) -> float:
    """What time has left of it.

    A clock that was set back a little empties nothing; a bucket from far in the
    future was filled by a wrong clock, and locks nobody out.
    """
    if bucket.at - now > limit.memory_s:
        return 0.0
    leaked = max(0.0, now - bucket.at) / limit.interval_s
    return max(0.0, bucket.level - leaked)


def wait_s(bucket: Bucket, limit: Limit, now: float) -> float:
    """Seconds until the next try may be made; 0 when it may be made now."""
    excess = level_now(bucket, limit, now) + 1 - limit.burst
    return max(0.0, excess * limit.interval_s)


def charged(bucket: Bucket, limit: Limit, now: float) -> Bucket:
    """With one more try in it."""
    return Bucket(level_now(bucket, limit, now) + 1, now)


def refunded(bucket: Bucket, limit: Limit, now: float) -> Bucket:
    """Without the try that turned out to be right."""
    return Bucket(max(0.0, level_now(bucket, limit, now) - 1), now)
