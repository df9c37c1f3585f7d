"""Which of a sink's m-lines carries whose stream."""

from collections.abc import Sequence

from relay.model import ParticipantId


def seats(sources: Sequence[ParticipantId], lines: int) -> list[ParticipantId | None]:
    """Seat sources on m-lines: the n-th line carries the n-th source, or nobody."""
    return [sources[n] if n < len(sources) else None for n in range(lines)]
