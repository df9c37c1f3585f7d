"""What waits for a worker: bounded, and when full the oldest pictures are dropped.

VP8 frames build on each other. So a dropped frame takes with it all that follow of its
stream, until the next key frame; every other stream goes on undisturbed.
"""

from collections import deque

from relay.eye.messages import Picture, ToWorker

LIMIT = 64
"""Pictures; about two seconds of one stream, or 40 ms of fifty."""


class Backlog:
    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._waiting: deque[ToWorker] = deque()
        self._pictures = 0
        self._blind: set[int] = set()
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def pressure(self) -> float:
        """How full it is, from 0 to 1."""
        return self._pictures / self._limit

    def is_blind(self, stream: int) -> bool:
        """Whether nothing of this stream is taken before its next key frame."""
        return stream in self._blind

    def blind(self, stream: int) -> None:
        self._blind.add(stream)

    def put(self, message: ToWorker) -> None:
        """Add a message, and drop old pictures when there are too many."""
        if isinstance(message, Picture):
            self._put_picture(message)
        else:
            self._waiting.append(message)

    def pop(self) -> ToWorker | None:
        if not self._waiting:
            return None
        message = self._waiting.popleft()
        self._pictures -= isinstance(message, Picture)
        return message

    def forget(self, stream: int) -> None:
        """Remove everything of a stream."""
        kept = [message for message in self._waiting if _stream_of(message) != stream]
        self._replace(kept)
        self._blind.discard(stream)

    def clear(self) -> None:
        self._replace([])

    def _put_picture(self, picture: Picture) -> None:
        if picture.stream in self._blind and not picture.key:
            self.dropped += 1
            return
        self._blind.discard(picture.stream)
        self._waiting.append(picture)
        self._pictures += 1
        if self._pictures > self._limit:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        pictures = [one for one in self._waiting if isinstance(one, Picture)]
        stream = pictures[0].stream
        of_stream = [one for one in pictures if one.stream == stream]
        keys = [index for index, one in enumerate(of_stream) if one.key and index > 0]
        if not keys:
            self._blind.add(stream)
        gone = {id(one) for one in of_stream[: keys[0] if keys else None]}
        self.dropped += len(gone)
        self._replace([one for one in self._waiting if id(one) not in gone])

    def _replace(self, messages: list[ToWorker]) -> None:
        self._waiting = deque(messages)
        self._pictures = sum(isinstance(one, Picture) for one in messages)


def _stream_of(message: ToWorker) -> int | None:
    return getattr(message, "stream", None)
