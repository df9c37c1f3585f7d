"""The counters of a day as its page shows them."""

from ledger.figures.rules import CALLER_NETWORK_ONE_IN, OURS
from ledger.model import CallRow, Figures, Outcome


def figures(rows: list[CallRow]) -> Figures:
    """Count a day's calls; a month is the sum of its days."""
    talking = sum(row.live for row in rows if row.outcome is Outcome.ANSWERED)
    watched = [row for row in rows if row.watched_s]
    watched_s = sum(row.watched_s for row in watched)
    legible_s = sum(row.legible_s for row in watched)
    later = [row for row in rows if row.leg > 0]
    rows = [row for row in rows if row.leg == 0]
    count = dict.fromkeys(Outcome, 0)
    for row in rows:
        count[row.outcome] += 1
    clocked = [row for row in rows if row.outcome is not Outcome.CLOSED]
    in_time = sum(row.in_time for row in rows)
    late = sum(row.breach for row in rows if row.outcome is Outcome.WAITING)
    denominator = _denominator(count, offered=len(clocked)) + late
    return Figures(
        offered=len(clocked),
        answered=count[Outcome.ANSWERED],
        in_time=in_time,
        abandoned=count[Outcome.ABANDONED],
        breaches=sum(row.breach for row in rows),
        short=count[Outcome.SHORT],
        left_another_way=count[Outcome.LEFT_ANOTHER_WAY],
        no_one_there=count[Outcome.NO_ONE_THERE],
        technical=count[Outcome.TECHNICAL],
        technical_caller=count[Outcome.TECHNICAL_CALLER],
        refused=count[Outcome.REFUSED],
        closed=count[Outcome.CLOSED],
        waiting=count[Outcome.WAITING],
        talking=talking,
        longest_wait_ms=max((row.wait_ms or 0 for row in clocked), default=None),
        denominator=denominator,
        service_level=in_time / denominator if denominator else None,
        later_legs=len(later),
        later_answered=sum(row.outcome is Outcome.ANSWERED for row in later),
        later_in_time=sum(row.in_time for row in later),
        later_breaches=sum(row.breach for row in later),
        watched_calls=len({row.call for row in watched}),
        watched_s=watched_s,
        legible_share=legible_s / watched_s if watched_s else None,
    )


def _denominator(count: dict[Outcome, int], *, offered: int) -> int:
    """Everything that counts; the caller's network is excused up to its share."""
    excused = offered // CALLER_NETWORK_ONE_IN
    return (
        count[Outcome.ANSWERED]
        + count[Outcome.ABANDONED]
        + count[Outcome.LEFT_ANOTHER_WAY]
        + sum(count[ours] for ours in OURS)
        + max(0, count[Outcome.TECHNICAL_CALLER] - excused)
    )
