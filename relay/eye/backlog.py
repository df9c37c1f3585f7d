"""What waits for a worker: bounded for each stream, and taken from all of them in turn.

VP8 frames build on each other. So a dropped frame takes with it all that follow of its
stream, until the next key frame; every other stream goes on undisturbed. Messages about
one stream keep their order; what the worker itself is told goes first.
"""

from collections import deque

from relay.eye.messages import Picture, Tick, ToWorker

LIMIT = 150
"""Messages of one stream."""

PATIENCE_S = 4.0
"""Between the oldest and the newest of a stream: what waits longer helps nobody."""


class Backlog:
    def __init__(self, limit: int = LIMIT, patience_s: float = PATIENCE_S) -> None:
        self._limit = limit
        self._patience_s = patience_s
        self._first: deque[ToWorker] = deque()
        self._waiting: dict[int, deque[Picture | Tick]] = {}
        """By stream, never empty; whose turn it is comes first."""
        self._blind: set[int] = set()
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._first) + sum(map(len, self._waiting.values()))

    @property
    def late_s(self) -> float:
        """How much of a stream waits, in seconds of it; of the one that waits most."""
        return max(map(_span_s, self._waiting.values()), default=0.0)

    def is_blind(self, stream: int) -> bool:
        """Whether nothing of this stream is taken before its next key frame."""
        return stream in self._blind

    def blind(self, stream: int) -> None:
        self._blind.add(stream)

    def hide(self, stream: int) -> None:
        """Drop the pictures of a stream, and all that follow before a key frame."""
        self._blind.add(stream)
        self._keep(stream, [one for one in self._of(stream) if isinstance(one, Tick)])

    def put(self, message: ToWorker) -> None:
        """Add a message, and drop old pictures of its stream when there are too many."""
        match message:
            case Picture():
                self._put_picture(message)
            case Tick(stream=stream):
                self._waiting.setdefault(stream, deque()).append(message)
            case _:
                self._first.append(message)

    def pop(self) -> ToWorker | None:
        if self._first:
            return self._first.popleft()
        if not self._waiting:
            return None
        stream = next(iter(self._waiting))
        queue = self._waiting.pop(stream)
        message = queue.popleft()
        if queue:
            self._waiting[stream] = queue  # behind all others
        return message

    def forget(self, stream: int) -> None:
        """Remove everything of a stream."""
        self._waiting.pop(stream, None)
        self._blind.discard(stream)

    def clear(self) -> None:
        self._first.clear()
        self._waiting.clear()

    def _of(self, stream: int) -> deque[Picture | Tick]:
        return self._waiting.get(stream, deque())

    def _put_picture(self, picture: Picture) -> None:
        stream = picture.stream
        if stream in self._blind and not picture.key:
            self.dropped += 1
            return
        self._blind.discard(stream)
        queue = self._waiting.setdefault(stream, deque())
        queue.append(picture)
        if len(queue) > self._limit or _span_s(queue) > self._patience_s:
            self._drop_oldest(stream)

    def _drop_oldest(self, stream: int) -> None:
        """Drop what comes before the next key frame, if one waits."""
        queue = self._of(stream)
        pictures = [n for n, one in enumerate(queue) if isinstance(one, Picture)]
        keys = [n for n in pictures[1:] if _is_key(queue[n])]
        if not keys:
            self._blind.add(stream)
        until = keys[0] if keys else len(queue)
        self._keep(
            stream,
            [one for n, one in enumerate(queue) if n >= until or isinstance(one, Tick)],
        )

    def _keep(self, stream: int, messages: list[Picture | Tick]) -> None:
        """Replace what waits of a stream, where it stands."""
        before = self._of(stream)
        self.dropped += len(before) - len(messages)
        before.clear()
        before.extend(messages)
        if not messages:
            self._waiting.pop(stream, None)


def _span_s(queue: deque[Picture | Tick]) -> float:
    """From the first to the last picture."""
    first = next((one.at for one in queue if isinstance(one, Picture)), 0.0)
    last = next((one.at for one in reversed(queue) if isinstance(one, Picture)), 0.0)
    return last - first


def _is_key(message: Picture | Tick) -> bool:
    return isinstance(message, Picture) and message.key
