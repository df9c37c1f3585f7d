"""What the eye said of each film, and the figures that come of it: no clock, no I/O."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.eye_conditions import Condition, Kind
from benchmarks.figures import percentile
from relay.eye.reasons import RANKED, Reason

WINDOW_S: Final = 3.0
STRIDE_S: Final = 1.0
EDGE: Final = 1e-6

Told = tuple[float, tuple[Reason, ...]]
"""When, in seconds of the film, and why."""


@dataclass(frozen=True, slots=True)
class Played:
    """What was told of a film: only changes; and how many windows were judged."""

    told: tuple[Told, ...]
    windows: int

    def each(self) -> Iterator[Told]:
        """Give every window: what was told holds until something else is."""
        if not self.told:
            return
        for number in range(self.windows):
            at = self.told[0][0] + number * STRIDE_S
            yield at, [why for when, why in self.told if when <= at + EDGE][-1]


@dataclass(frozen=True, slots=True)
class Row:
    """One film.

    Attributes:
        windows: that count: all, or those wholly in its trouble.
        right: of these, the windows that told what was to be told; where nothing was,
            those without advice.
        delay_s: from the beginning of the trouble; None when it was never told.
        lasted_s: how long the trouble was shown.
        told: how many windows told what.
    """

    signer: str
    condition: Condition
    windows: int
    right: int
    delay_s: float | None = None
    lasted_s: float = 0.0
    told: Counter[Reason] = field(default_factory=Counter)


def row_of(
    signer: str, condition: Condition, played: Played, onset: float | None
) -> Row:
    """Judge the eye by one film."""
    since = -1.0 if onset is None else onset + WINDOW_S - EDGE
    counted = [reasons for at, reasons in played.each() if at >= since]
    accepted = condition.accepted
    told = Counter(reason for reasons in counted for reason in reasons)
    if onset is None:
        right = sum(not reasons for reasons in counted)
        return Row(signer, condition, len(counted), right, told=told)
    hits = [
        at
        for at, reasons in played.each()
        if at > onset and not accepted.isdisjoint(reasons)
    ]
    ends = max((at for at, _ in played.each()), default=onset)
    return Row(
        signer,
        condition,
        windows=len(counted),
        right=sum(not accepted.isdisjoint(reasons) for reasons in counted),
        delay_s=hits[0] - onset if hits else None,
        lasted_s=ends - onset,
        told=told,
    )


def figures(rows: Sequence[Row]) -> dict[str, Any]:
    """Sum up; a trouble that was never told counts for as long as it was shown."""
    calm = [row for row in rows if row.condition.kind is Kind.LEGIBLE]
    trouble = [row for row in rows if row.condition.kind is Kind.TROUBLE]
    delays = [row.lasted_s if row.delay_s is None else row.delay_s for row in trouble]
    seen = {row.condition.reason for row in trouble}
    return {
        "false_advice_share": _missing(calm),
        "detected_share": {
            reason.value: _share([r for r in trouble if r.condition.reason is reason])
            for reason in RANKED
            if reason in seen
        },
        "delay_s": {"p95": round(percentile(delays, 0.95), 2)} if delays else None,
        "delay_s_by_reason": _delays(trouble),
        "windows": sum(row.windows for row in calm),
        "windows_in_trouble": sum(row.windows for row in trouble),
        "troubles": len(trouble),
        "never_told": sum(row.delay_s is None for row in trouble),
        "false_advice_by_signer": _by_signer(calm, _missing),
        "detected_by_signer": _by_signer(trouble, _share),
        "tone_gap_points": tone_gap(rows),
        "signers": len({row.signer.partition(",")[0] for row in rows}),
    }


def tone_gap(rows: Sequence[Row]) -> float:
    """Give the largest difference between two tones of skin, in points.

    In each light, of how often nothing was told, and of how often each reason was.
    """
    toned = [row for row in rows if ", tone " in row.signer]
    gaps = [0.0]
    for light in {row.condition.name for row in toned}:
        by_tone: dict[str, list[Row]] = {}
        for row in toned:
            if row.condition.name == light:
                by_tone.setdefault(row.signer.split(", ")[1], []).append(row)
        for reason in (None, *Reason):
            shares = [_told(own, reason) for own in by_tone.values()]
            gaps.append(100 * (max(shares) - min(shares)))
    return round(max(gaps), 1)


def _told(rows: Sequence[Row], reason: Reason | None) -> float:
    """Share of windows in which it was told, or in which nothing was."""
    told = sum(row.right if reason is None else row.told[reason] for row in rows)
    return told / max(1, sum(row.windows for row in rows))


def _delays(trouble: Sequence[Row]) -> dict[str, float]:
    found: dict[str, float] = {}
    for reason in RANKED:
        delays = [
            row.lasted_s if row.delay_s is None else row.delay_s
            for row in trouble
            if row.condition.reason is reason
        ]
        if delays:
            found[reason.value] = round(percentile(delays, 0.95), 2)
    return found


def _by_signer(
    rows: Sequence[Row], figure: Callable[[Sequence[Row]], float]
) -> dict[str, float]:
    """Nothing is fitted to anybody, so each signer is one whom nobody has seen.

    The drawn one is one signer, however they look: "drawn, tone 3".
    """
    of: dict[str, list[Row]] = {}
    for row in rows:
        of.setdefault(row.signer.partition(",")[0], []).append(row)
    return {name: figure(own) for name, own in of.items()}


def _share(rows: Sequence[Row]) -> float:
    windows = sum(row.windows for row in rows)
    return round(sum(row.right for row in rows) / windows, 4) if windows else 0.0


def _missing(rows: Sequence[Row]) -> float:
    return round(1 - _share(rows), 4) if rows else 0.0
