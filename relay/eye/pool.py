"""The door of the eye: takes frames, hands them to worker processes, tells verdicts.

It imports nothing that decodes or looks: that happens in the workers, which may crash
without touching a call.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import structlog

from relay.eye.desk import Desk
from relay.eye.errors import WorkerStartError
from relay.eye.installation import mediapipe_version, read_model, refuse_reporting
from relay.eye.messages import (
    Blind,
    FromWorker,
    Judged,
    Picture,
    Tick,
    Unwatch,
    Watch,
)
from relay.eye.model import Counts, Verdict
from relay.eye.thresholds import Thresholds, read_thresholds
from relay.eye_port import EncodedFrame

_REST_S = 0.002

SILENCE_ROUND_S = 0.5
SILENCE_S = 1.0
"""After so long without a frame, the windows end without one."""

FIRST_ASK_S = 10.0
LONGEST_ASK_S = 60.0
"""Between two wishes for a key frame of one stream: it costs the call some quality."""

log: structlog.stdlib.BoundLogger = structlog.get_logger("relay.eye")


@dataclass(frozen=True, slots=True)
class Load:
    """How busy the eye is.

    Attributes:
        streams: people who are looked at.
        pressure: of the fullest queue, 0 to 1; above 0 all of its streams are sampled
            less often.
        dropped: frames so far that nobody had time for.
        restarts: workers replaced so far.
        processor_s: processor time of the workers of now.
    """

    workers: int
    streams: int
    pressure: float
    dropped: int
    restarts: int
    processor_s: float


@dataclass(slots=True)
class _Stream:
    number: int
    call: str
    participant: str
    desk: Desk
    frames: int = 0
    arrived: float | None = None
    quiet_rounds: int = 0
    tick_at: float = 0.0
    asked_at: float | None = None
    ask_s: float = FIRST_ASK_S
    counts: Counts = field(default_factory=Counts)
    told: Verdict | None = None


class EyePool:
    """Looks at those for whom `start` was called, and tells what changes.

    None of its methods waits or raises. The first verdict of a participant is told,
    then only one that differs; `Counts` has them all.

    Attributes:
        absent: why nothing is looked at; None when the eye works.
    """

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        *,
        workers: int,
        model: Path,
        on_verdict: Callable[[str, str, Verdict], None],
        on_key_frame_wanted: Callable[[str, str], None] | None = None,
    ) -> AsyncIterator[Self]:
        """Start the workers and wait until they are ready.

        Args:
            workers: how many processes; 0 for no eye.
            model: path of `hand_landmarker.task`.
            on_verdict: called with call, participant and verdict.
            on_key_frame_wanted: called with call and participant when nothing of them
                can be decoded before a key frame; at first, or after an error.

        Raises:
            ModelMissingError, ModelWrongError, MediapipeReportsError: the installation
                is not what it should be.
            WorkerStartError: a worker did not come up.
        """
        absent = _find_absence(workers)
        if absent is None:
            read_model(model)
        else:
            log.warning("eye absent", reason=absent)
        pool = cls(on_verdict, on_key_frame_wanted, absent)
        pool._furnish(0 if absent else workers, model)
        try:
            async with asyncio.TaskGroup() as tasks:
                running = [tasks.create_task(desk.run()) for desk in pool._desks]
                running.append(tasks.create_task(pool._notice_silence()))
                try:
                    await pool._be_ready()
                    yield pool
                finally:
                    for task in running:
                        task.cancel()
        except BaseExceptionGroup as group:
            if len(group.exceptions) > 1:
                raise
            raise group.exceptions[0] from None  # of our caller or of _be_ready

    def __init__(
        self,
        on_verdict: Callable[[str, str, Verdict], None],
        on_key_frame_wanted: Callable[[str, str], None] | None,
        absent: str | None,
    ) -> None:
        self.absent = absent
        self._on_verdict = on_verdict
        self._on_key_frame_wanted = on_key_frame_wanted
        self._thresholds: Thresholds = read_thresholds()
        self._desks: list[Desk] = []
        self._streams: dict[tuple[str, str], _Stream] = {}
        self._by_number: dict[int, _Stream] = {}
        self._numbers = itertools.count(1)

    def _furnish(self, workers: int, model: Path) -> None:
        path = model.absolute()
        self._desks = [
            Desk(number, path, on_message=self._hear, on_lost=self._start_anew)
            for number in range(workers)
        ]

    @property
    def load(self) -> Load:
        works = [desk.work for desk in self._desks]
        return Load(
            workers=len(self._desks),
            streams=len(self._streams),
            pressure=max((desk.backlog.pressure for desk in self._desks), default=0.0),
            dropped=sum(desk.backlog.dropped for desk in self._desks),
            restarts=sum(desk.restarts for desk in self._desks),
            processor_s=sum(w.decode_s + w.measure_s + w.hands_s for w in works),
        )

    def start(self, call: str, participant: str) -> None:
        """Look at this person from now on; who is looked at already stays so."""
        if self.absent is not None or (call, participant) in self._streams:
            return
        number = next(self._numbers)
        stream = _Stream(number, call, participant, self._desk_of(call))
        self._streams[call, participant] = self._by_number[number] = stream
        stream.desk.streams.add(number)
        stream.desk.backlog.blind(number)
        stream.desk.put(Watch(stream=number))

    def submit(self, frame: EncodedFrame) -> None:
        """Show a frame; who was not started is not looked at.

        Every frame is submitted, because their number is the frame rate. Only
        temporal layer 0 is decoded, and after a frame that is missing nothing before
        the next key frame.
        """
        stream = self._streams.get((frame.call, frame.participant))
        if stream is None:
            return
        stream.frames += 1
        stream.quiet_rounds = 0
        if stream.arrived is None:
            stream.tick_at = frame.arrived + self._thresholds.window_s
            stream.arrived = frame.arrived
            self._tick(stream, frame.arrived)
        stream.arrived = frame.arrived
        self._tick_until(stream, frame.arrived)
        if frame.temporal_id == 0:
            self._show(stream, frame)

    def stop(self, call: str, participant: str) -> Counts:
        """Look away at once: what still waits is not looked at either."""
        stream = self._streams.pop((call, participant), None)
        if stream is None:
            return Counts()
        del self._by_number[stream.number]
        stream.desk.streams.discard(stream.number)
        stream.desk.backlog.forget(stream.number)
        stream.desk.put(Unwatch(stream=stream.number))
        return stream.counts

    async def rest(self) -> None:
        """Wait until everything that was shown so far has been looked at."""
        for desk in self._desks:
            while len(desk.backlog):  # noqa: ASYNC110 - a queue that is empty is no event
                await asyncio.sleep(_REST_S)
            await desk.ready.wait()
            number = desk.ping()
            while desk.ponged < number:  # noqa: ASYNC110 - as above
                await asyncio.sleep(_REST_S)

    def _desk_of(self, call: str) -> Desk:
        """All of one call sit at one desk; a new call goes to the emptiest."""
        for (other, _), stream in self._streams.items():
            if other == call:
                return stream.desk
        return min(self._desks, key=lambda desk: len(desk.streams))

    def _show(self, stream: _Stream, frame: EncodedFrame) -> None:
        backlog = stream.desk.backlog
        if not frame.data or not (frame.key or frame.follows):
            backlog.blind(stream.number)
        if frame.data:
            stream.desk.put(
                Picture(
                    stream=stream.number,
                    data=frame.data,
                    key=frame.key,
                    at=frame.arrived,
                )
            )
        if stream.desk.ready.is_set() and backlog.is_blind(stream.number):
            self._ask(stream)

    def _ask(self, stream: _Stream) -> None:
        """Wish for a key frame, less and less often while that does not help."""
        now = asyncio.get_running_loop().time()
        if stream.asked_at is not None:
            if now - stream.asked_at < stream.ask_s:
                return
            stream.ask_s = min(stream.ask_s * 2, LONGEST_ASK_S)
        stream.asked_at = now
        if self._on_key_frame_wanted is not None:
            self._on_key_frame_wanted(stream.call, stream.participant)

    def _tick_until(self, stream: _Stream, now: float) -> None:
        """Have every window judged that ends by now; after a gap, only the last."""
        stride = self._thresholds.stride_s
        behind = int((now - stream.tick_at) / stride)
        stream.tick_at += max(behind, 0) * stride
        if stream.tick_at <= now:
            self._tick(stream, stream.tick_at)
            stream.tick_at += stride

    def _tick(self, stream: _Stream, at: float) -> None:
        backlog = stream.desk.backlog
        stream.desk.put(
            Tick(
                stream=stream.number,
                at=at,
                arrived=at if stream.arrived is None else stream.arrived,
                frames=stream.frames,
                pressure=backlog.pressure,
            ),
        )

    async def _notice_silence(self) -> None:
        """Judge those, too, of whom nothing comes any more.

        Rounds are counted, not seconds: when the relay itself stood still, the frames
        are there and only wait to be submitted.
        """
        while True:
            await asyncio.sleep(SILENCE_ROUND_S)
            for stream in self._by_number.values():
                stream.quiet_rounds += 1
                quiet_s = (stream.quiet_rounds - 1) * SILENCE_ROUND_S
                if stream.arrived is not None and quiet_s >= SILENCE_S:
                    self._tick_until(stream, stream.arrived + quiet_s)

    def _hear(self, message: FromWorker) -> None:
        match message:
            case Blind(stream=number) if stream := self._by_number.get(number):
                self._ask(stream)
            case Judged(stream=number) if stream := self._by_number.get(number):
                verdict = Verdict(message.legibility, message.reasons, message.at)
                self._count(stream, verdict)

    def _count(self, stream: _Stream, verdict: Verdict) -> None:
        stream.counts = stream.counts.plus(verdict.legibility)
        stream.ask_s = FIRST_ASK_S
        if verdict != stream.told:
            stream.told = verdict
            self._on_verdict(stream.call, stream.participant, verdict)

    def _start_anew(self, desk: Desk) -> None:
        for number in desk.streams:
            desk.backlog.blind(number)
            self._by_number[number].asked_at = None

    async def _be_ready(self) -> None:
        for desk in self._desks:
            await desk.settled.wait()  # at most START_S, then the desk has trouble
            if desk.trouble is not None:
                raise WorkerStartError(
                    f"a worker of the eye did not start: {desk.trouble}",
                )


def _find_absence(workers: int) -> str | None:
    """Raises: MediapipeReportsError."""
    if workers == 0:
        return "it is switched off"
    installed = mediapipe_version()
    if installed is None:
        return "there is no mediapipe for this machine"
    refuse_reporting(installed)
    return None
