"""What a race says: whether all had the same to do, and who needed how much for it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

OURS: Final = "relay"
TWO_WATCHERS: Final = "relay, two watchers"
JANUS: Final = "janus, "
MEDIA_RELAY: Final = "MediaRelay"

FULL: Final = 0.6
"""How busy a core may be."""

FRAMES_A_SECOND: Final = 30
WANTED: Final = frozenset({"NACK and RTX", "RR", "SR"})
RATES: Final = frozenset({"REMB", "transport-cc"})


class UnequalError(Exception):
    """Somebody in the race does less than the others."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one rival showed.

    Attributes:
        name: one of the names above; Janus with its mode.
        packet_us: microseconds for each packet that came in, round by round.
        frame_us: the same for each picture that went out.
        profile: how SRTP encrypted.
        features: what was seen at work.
        discarded: rounds that lost too much.
    """

    name: str
    packet_us: Sequence[float]
    frame_us: Sequence[float]
    profile: str
    features: Collection[str]
    discarded: int = 0

    @property
    def us(self) -> float:
        return median(self.packet_us)


def compare(
    results: Sequence[Result], *, streams: int, packets_a_second: float
) -> dict[str, Any]:
    """Set our relay beside the others.

    Raises:
        UnequalError: not everybody had the same switched on, or lost nothing.

    """
    check(results)
    by_name = {one.name: one for one in results}
    ours, media = by_name[OURS], by_name[MEDIA_RELAY]
    found: dict[str, Any] = {
        "relay_us_per_packet": round(ours.us, 1),
        **_beside_janus(ours, [r for r in results if r.name.startswith(JANUS)]),
        **_beside_media_relay(ours.us, median(media.frame_us), packets_a_second),
        "streams": streams,
        "packets_per_second": round(packets_a_second * streams),
        "srtp_profile": ours.profile,
        "features": {one.name: sorted(one.features) for one in results},
        "rounds": {r.name: [round(us, 1) for us in r.packet_us] for r in results},
        "discarded": sum(one.discarded for one in results),
    }
    if TWO_WATCHERS in by_name:
        found["extra_output_us"] = round(by_name[TWO_WATCHERS].us - ours.us, 1)
    return found


def check(results: Sequence[Result]) -> None:
    """See that all had the same to do."""
    if len({one.profile for one in results}) > 1:
        raise UnequalError("SRTP profiles differ")
    for one in results:
        seen = frozenset(one.features)
        if one.name != MEDIA_RELAY and not (seen >= WANTED and seen & RATES):
            raise UnequalError(f"{one.name} shows only {sorted(seen)}")
        if len(one.packet_us) <= one.discarded:
            raise UnequalError(f"{one.name} lost packets in most rounds")


def _beside_janus(ours: Result, theirs: Sequence[Result]) -> dict[str, Any]:
    if not theirs:
        return {"janus": "not installed"}
    best = min(theirs, key=lambda one: one.us)
    return {
        "janus_us_per_packet": round(best.us, 1),
        "ratio_to_janus": round(ours.us / best.us, 2),
        "janus_mode": best.name.removeprefix(JANUS),
    }


def _beside_media_relay(
    packet_us: float, frame_us: float, packets_a_second: float
) -> dict[str, Any]:
    """Compare calls of two on a core that is 60 % busy."""
    ours = FULL / (2 * packets_a_second * packet_us / 1e6)
    theirs = FULL / (2 * FRAMES_A_SECOND * frame_us / 1e6)
    return {
        "mediarelay_ratio": round(ours / theirs, 1),
        "mediarelay_us_per_frame": round(frame_us),
        "mediarelay_calls_per_core": round(theirs, 2),
    }
