"""A worker process: pictures come in by one pipe, verdicts leave by another.

It opens no socket, writes no file, and dies with its pool: the end of its input is its
end. It is started by `relay.eye.desk`.
"""

import os
import resource
import stat
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import av
import cv2

from relay.eye.hands import Hands
from relay.eye.installation import mediapipe_version, read_model, refuse_reporting
from relay.eye.messages import (
    LENGTH_BYTES,
    Blind,
    Broken,
    FromWorker,
    Judged,
    Picture,
    Ping,
    Pong,
    Ready,
    Tick,
    ToWorker,
    Unwatch,
    Watch,
    length_of,
    pack,
    unpacker,
)
from relay.eye.thresholds import Thresholds, read_thresholds
from relay.eye.watcher import Effort, Watcher

NICENESS = 10
"""The pictures of the call go first."""


class Worker:
    """Answers messages; knows no pipe."""

    def __init__(self, thresholds: Thresholds, hands: Hands) -> None:
        self._thresholds = thresholds
        self._hands = hands
        self._effort = Effort()
        self._watchers: dict[int, Watcher] = {}

    def wait_for(self, source: BinaryIO) -> bytes:
        """Wait for the head of the next message; nothing at the end of all."""
        began = time.monotonic()
        head = source.read(LENGTH_BYTES)
        self._effort.waited_s += time.monotonic() - began
        return head

    def answer(self, message: ToWorker) -> Iterator[FromWorker]:
        match message:
            case Watch(stream=stream):
                watcher = Watcher(self._thresholds, self._hands, self._effort)
                self._watchers[stream] = watcher
            case Unwatch(stream=stream):
                self._watchers.pop(stream, None)
            case Picture(stream=stream):
                if stream in self._watchers:
                    yield from self._see(message)
            case Tick(stream=stream):
                if stream in self._watchers:
                    yield from self._judge(message)
            case Ping(number=number):
                yield Pong(number=number, work=self._effort.work())

    def _see(self, picture: Picture) -> Iterator[FromWorker]:
        watcher = self._watchers[picture.stream]
        was_blind = watcher.is_blind
        watcher.see(picture.data, picture.at)
        if watcher.is_blind and not was_blind:
            yield Blind(stream=picture.stream)

    def _judge(self, tick: Tick) -> Iterator[FromWorker]:
        watcher = self._watchers[tick.stream]
        verdict = watcher.judge(tick)
        if watcher.is_blind:
            yield Blind(stream=tick.stream)
        if verdict is not None:
            yield Judged(
                stream=tick.stream,
                at=verdict.at,
                legibility=verdict.legibility,
                reasons=verdict.reasons,
            )


def main() -> None:
    source, sink = _take_pipes()
    try:
        _be_modest()
        for message in _run(source, Path(sys.argv[1])):
            sink.write(pack(message))
            sink.flush()
    except BrokenPipeError:
        pass  # the pool is gone
    except Exception:  # noqa: BLE001  whatever it is, the pool logs it and replaces us
        sink.write(pack(Broken(text=traceback.format_exc(limit=-3))))
        sink.flush()
    os._exit(0)  # nothing is left to tidy up, and MediaPipe stumbles when it tries


def _run(source: BinaryIO, model: Path) -> Iterator[FromWorker]:
    refuse_reporting(mediapipe_version() or "0")
    worker = Worker(read_thresholds(), Hands(read_model(model)))
    yield Ready()
    read = unpacker(ToWorker)
    while head := worker.wait_for(source):
        yield from worker.answer(read(source.read(length_of(head))))


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take the pipes for ourselves: what a library prints must not mix with them.

    uvloop leaves a child some more of its parent's pipes; they are closed.
    """
    for inherited in [int(entry.name) for entry in Path("/dev/fd").iterdir()]:
        if inherited > sys.stderr.fileno() and _is_channel(inherited):
            os.close(inherited)
    source = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, sys.stdin.fileno())
    os.dup2(silence, sys.stdout.fileno())
    os.close(silence)
    return source, sink


def _is_channel(descriptor: int) -> bool:
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:  # the one by which the folder was read
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _be_modest() -> None:
    """One thread where that can be said, behind the calls, and no picture in a core."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    cv2.setNumThreads(1)
    cv2.ocl.setUseOpenCL(False)
    av.logging.set_level(av.logging.PANIC)


if __name__ == "__main__":
    main()
