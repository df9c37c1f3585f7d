"""A worker process: pictures come in by one pipe, verdicts leave by another.

It closes its own doors before the first picture comes, and dies with its pool: the end
of its input is its end. It is started by `relay.eye.process`.
"""

import contextlib
import os
import resource
import signal
import stat
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import av
import cv2

from relay.eye.faces import Faces
from relay.eye.hands import Hands
from relay.eye.installation import mediapipe_version, read_models, refuse_reporting
from relay.eye.messages import (
    LENGTH_BYTES,
    NUMBER_BYTES,
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
    pack_number,
    unpack_number,
    unpacker,
)
from relay.eye.seal import seal
from relay.eye.thresholds import Thresholds, read_thresholds
from relay.eye.watcher import Effort, Finders, Watcher

NICENESS = 10
"""The pictures of the call go first."""

LONGEST_S = 0.5
"""Of the processor, for one message; ten times what the dearest picture takes."""


GREY = (
    bytes.fromhex(
        "5003009d012a40004000390500011c240c2c2c44cc24401000003381e16e751712d84460fec3e0"
        "00"
    ),
    bytes.fromhex(
        "710300e34bd80467af104f4fb10a2fde3f801fc0675fd0300004156ac000fee99e00"
    ),
)
"""Two VP8 frames of 64 x 64, all grey, the second a little lighter."""


class Worker:
    """Answers messages; knows no pipe."""

    def __init__(self, thresholds: Thresholds, finders: Finders) -> None:
        self._thresholds = thresholds
        self._finders = finders
        self._effort = Effort()
        self._watchers: dict[int, Watcher] = {}

    def wait_for(self, source: BinaryIO) -> bytes:
        """Wait for the head of the next message; nothing at the end of all."""
        began = time.monotonic()
        head = source.read(LENGTH_BYTES)
        self._effort.waited_s += time.monotonic() - began
        return head

    def warm_up(self) -> None:
        """Look at a picture of nothing: what libraries load late is loaded then."""
        watcher = Watcher(self._thresholds, self._finders, Effort())
        for at, data in enumerate(GREY):
            watcher.see(data, at)

    def forget(self, stream: int) -> None:
        """Look at this stream no more."""
        self._watchers.pop(stream, None)

    def answer(self, message: ToWorker) -> Iterator[FromWorker]:
        match message:
            case Watch(stream=stream):
                watcher = Watcher(self._thresholds, self._finders, self._effort)
                self._watchers[stream] = watcher
            case Unwatch(stream=stream):
                self.forget(stream)
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
    model, nos, trail = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    source, sink = _take_pipes(nos, trail)
    try:
        be_modest()
        worker, unsealed = prepare(model)
        for message in _serve(worker, source, nos, trail, unsealed):
            sink.write(pack(message))
            sink.flush()
    except BrokenPipeError:
        pass  # the pool is gone
    except Exception:  # noqa: BLE001  whatever it is, the pool logs it and replaces us
        sink.write(pack(Broken(text=traceback.format_exc(limit=-3))))
        sink.flush()
    os._exit(0)  # nothing is left to tidy up, and MediaPipe stumbles when it tries


def prepare(model: Path) -> tuple[Worker, str | None]:
    """Load everything, look once, and close all doors; says why where they stay open."""
    refuse_reporting(mediapipe_version() or "0")
    thresholds, models = read_thresholds(), read_models(model)
    faces = Faces(models.faces, thresholds.face)
    worker = Worker(thresholds, Finders(faces, Hands(models.hands)))
    worker.warm_up()
    return worker, seal()


def _serve(
    worker: Worker, source: BinaryIO, nos: int, trail: int, unsealed: str | None
) -> Iterator[FromWorker]:
    yield Ready(unsealed=unsealed)
    read = unpacker(ToWorker)
    while head := worker.wait_for(source):
        message = read(source.read(length_of(head)))
        for stream in _heard(nos):
            worker.forget(stream)
        yield from attend(worker, message, trail)


def attend(worker: Worker, message: ToWorker, trail: int) -> list[FromWorker]:
    """Answer one message, on record, and end the process if it takes too long."""
    if isinstance(message, Picture | Tick):
        _tell(trail, message.stream)
    signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
    answers = list(worker.answer(message))
    signal.setitimer(signal.ITIMER_PROF, 0)
    _tell(trail, 0)
    return answers


def _heard(nos: int) -> list[int]:
    try:
        data = os.read(nos, 1024 * NUMBER_BYTES)
    except BlockingIOError:
        return []
    return [
        unpack_number(data[at : at + NUMBER_BYTES])
        for at in range(0, len(data), NUMBER_BYTES)
    ]


def _tell(trail: int, stream: int) -> None:
    with contextlib.suppress(BlockingIOError):
        os.write(trail, pack_number(stream))


def _take_pipes(*ours: int) -> tuple[BinaryIO, BinaryIO]:
    """Take the pipes for ourselves: what a library prints must not mix with them.

    uvloop leaves a child some more of its parent's pipes; they are closed.
    """
    for inherited in [int(entry.name) for entry in Path("/dev/fd").iterdir()]:
        known = inherited <= sys.stderr.fileno() or inherited in ours
        if not known and _is_channel(inherited):
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


def be_modest() -> None:
    """One thread where that can be said, behind the calls, and no picture in a core.

    A group of its own, for the terminal's Ctrl-C, but no session of its own: Linux may
    share a processor among sessions first, and a niceness counts only within one.
    """
    os.setpgid(0, 0)
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    cv2.setNumThreads(1)
    cv2.ocl.setUseOpenCL(False)
    av.logging.set_level(av.logging.PANIC)


if __name__ == "__main__":
    main()
