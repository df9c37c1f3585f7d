"""Follows a server's outbox, and notices when an event is missing. Pure."""

from queueing.messages import QueueEvent, Resync, read_events

START = "0-0"


class Follower:
    """Where a reader stands in an outbox.

    Every event has a number, one more than the one before; an entry says its last one's.
    A gap means that the stream was cut or rolled back behind the reader, who then must
    look at everything again.
    """

    def __init__(self, newest: tuple[str, dict[str, str]] | None) -> None:
        """Begin after the newest entry that is there already, if any."""
        self.position = newest[0] if newest else START
        self._number = int(newest[1]["n"]) if newest else 0

    def take(self, position: str, fields: dict[str, str]) -> list[QueueEvent]:
        """Read one entry: its events, after a `Resync` when some are missing."""
        number, events = int(fields["n"]), read_events(fields["events"])
        missed = number != self._number + len(events)
        self.position, self._number = position, number
        if missed and not isinstance(events[0], Resync):
            return [Resync(version=events[0].version), *events]
        return events
