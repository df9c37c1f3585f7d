"""Which of a sink's m-lines carries whose stream: who sits stays seated."""

from collections.abc import Mapping, Sequence

from relay.model import ParticipantId

Seats = dict[str, ParticipantId]
"""Whom each m-line carries, by `mid`."""


def seat(
    before: Mapping[str, ParticipantId],
    wanted: Sequence[ParticipantId],
    lines: Sequence[str],
) -> Seats:
    """Seat those wanted on a sink's m-lines of one kind.

    Who sits stays while wanted; who comes takes the first line that is free. So nobody's
    picture stops because somebody else comes or goes. Beyond the lines people wait in
    the order of the routes.
    """
    seated = {line: before[line] for line in lines if before.get(line) in wanted}
    free = [line for line in lines if line not in seated]
    coming = [one for one in dict.fromkeys(wanted) if one not in seated.values()]
    return seated | dict(zip(free, coming, strict=False))
