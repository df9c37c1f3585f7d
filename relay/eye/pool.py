"""The door of the eye: takes frames, hands them to worker processes, tells verdicts.

It imports nothing that decodes or looks: that happens in the workers, which may crash
without touching a call.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import structlog

from relay.eye.bench import Bench
from relay.eye.desk import Desk
from relay.eye.economy import Economy, Turns
from relay.eye.errors import WorkerStartError
from relay.eye.installation import mediapipe_version, read_models, refuse_reporting
from relay.eye.messages import (
    Blind,
    FromWorker,
    Judged,
    Picture,
    Tick,
    Watch,
)
from relay.eye.model import Counts, Verdict
from relay.eye.stream import Stream
from relay.eye.thresholds import Thresholds, read_thresholds
from relay.eye_port import EncodedFrame, EyeLoad

_REST_S = 0.002

ROUND_S = 0.5
SILENCE_S = 1.0
"""After so long without a frame, the windows end without one."""

MOST_ENDED = 2
"""Workers that may end by one person's pictures; then these are not looked at."""

MOST_BLAMED = 256
"""People of whom that is remembered, also when they come with another leg."""

STALE_ROUNDS = 8
"""Advice that was not judged again for four seconds is taken back."""

log: structlog.stdlib.BoundLogger = structlog.get_logger("relay.eye")


@dataclass(frozen=True, slots=True)
class _Seat:
    """Where a stream is looked at."""

    stream: Stream
    desk: Desk


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
            model: path of `hand_landmarker.task`; the face model lies beside it.
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
            read_models(model)
        else:
            log.warning("eye absent", reason=absent)
        pool = cls(on_verdict, on_key_frame_wanted, absent)
        pool._furnish(0 if absent else workers, model)
        try:
            async with asyncio.TaskGroup() as tasks:
                running = [tasks.create_task(desk.run()) for desk in pool._desks]
                running.append(tasks.create_task(pool._keep_time()))
                try:
                    await pool._be_ready()
                    if pool._desks:
                        running.append(tasks.create_task(pool._bench.keep()))
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
        self._blamed = 0
        self._on_verdict = on_verdict
        self._on_key_frame_wanted = on_key_frame_wanted
        self._thresholds: Thresholds = read_thresholds()
        self._desks: list[Desk] = []
        self._seats: dict[tuple[str, str], _Seat] = {}
        self._by_number: dict[int, _Seat] = {}
        self._numbers = itertools.count(1)
        self._ended: dict[tuple[str, str], int] = {}
        """How many workers ended while they were at this person's pictures."""
        self._economy = Economy()
        self._turns = Turns()

    def _furnish(self, workers: int, model: Path) -> None:
        self._bench = Bench(model.absolute())
        self._desks = [
            Desk(number, self._bench, on_message=self._hear, on_lost=self._start_anew)
            for number in range(workers)
        ]

    @property
    def load(self) -> EyeLoad:
        """Say how busy the eye is."""
        desks = self._desks
        work = [desk.work for desk in desks]
        return EyeLoad(
            absent=self.absent,
            workers=len(desks),
            sealed=sum(desk.is_sealed for desk in desks),
            streams=len(self._seats),
            resting=self._turns.resting,
            factor=self._economy.factor,
            late_s=self._late_s(),
            frames=sum(done.frames for done in work),
            samples=sum(done.samples for done in work),
            checks={
                "faces": sum(done.searches for done in work),
                "hands": sum(done.checks for done in work),
            },
            processor_s=sum(done.processor_s for done in work),
            dropped=sum(desk.backlog.dropped for desk in desks),
            restarts=sum(desk.restarts for desk in desks),
            blamed=self._blamed,
        )

    def start(self, call: str, participant: str) -> None:
        """Look at this person from now on; who is looked at already stays so."""
        if self.absent is not None or (call, participant) in self._seats:
            return
        number = next(self._numbers)
        seat = _Seat(Stream(number, call, participant), self._desk_of(call))
        self._seats[call, participant] = self._by_number[number] = seat
        self._turns.enter(number, _now())
        seat.desk.streams.add(number)
        seat.desk.backlog.blind(number)
        seat.desk.put(Watch(stream=number))

    def count(self, call: str, participant: str, since: float | None) -> None:
        """Count only windows that begin then or later, or none now; else all count."""
        seat = self._seats.get((call, participant))
        if seat is not None:
            seat.stream.counted_from = since

    def submit(self, frame: EncodedFrame) -> None:
        """Show a frame; who was not started is not looked at.

        Every frame is submitted, because their number is the frame rate. Only
        temporal layer 0 is decoded, and after a frame that is missing nothing before
        the next key frame.
        """
        seat = self._seats.get((frame.call, frame.participant))
        if seat is None:
            return
        for at in seat.stream.arrive(frame.arrived, self._thresholds):
            self._tick(seat, at)
        if self._ended.get((frame.call, frame.participant), 0) >= MOST_ENDED:
            return
        if frame.temporal_id == 0 and not self._turns.is_resting(seat.stream.number):
            self._show(seat, frame)

    def stop(self, call: str, participant: str) -> Counts:
        """Look away at once: what still waits is not looked at either."""
        seat = self._seats.pop((call, participant), None)
        if seat is None:
            return Counts()
        number = seat.stream.number
        del self._by_number[number]
        self._turns.leave(number)
        seat.desk.streams.discard(number)
        seat.desk.forbid(number)
        return seat.stream.counts

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
        for (other, _), seat in self._seats.items():
            if other == call:
                return seat.desk
        return min(self._desks, key=lambda desk: len(desk.streams))

    def _show(self, seat: _Seat, frame: EncodedFrame) -> None:
        backlog, number = seat.desk.backlog, seat.stream.number
        if not frame.data or not (frame.key or frame.follows):
            backlog.blind(number)
        if frame.data:
            seat.desk.put(
                Picture(stream=number, data=frame.data, key=frame.key, at=frame.arrived)
            )
        if seat.desk.ready.is_set() and backlog.is_blind(number):
            self._ask(seat.stream)

    def _ask(self, stream: Stream) -> None:
        """Wish for a key frame, unless that was done a moment ago."""
        if self._turns.is_resting(stream.number):
            return
        sparing = self._economy.factor > 1
        if stream.wishes(_now(), sparing=sparing) and self._on_key_frame_wanted:
            self._on_key_frame_wanted(stream.call, stream.participant)

    def _tick(self, seat: _Seat, at: float) -> None:
        stream = seat.stream
        seat.desk.put(
            Tick(
                stream=stream.number,
                at=at,
                arrived=at if stream.arrived is None else stream.arrived,
                frames=stream.frames,
                pressure=self._economy.stretch,
            ),
        )

    async def _keep_time(self) -> None:
        """Twice a second: share out what time there is, and see who is silent."""
        while True:
            await asyncio.sleep(ROUND_S)
            self._share_out()
            for seat in list(self._by_number.values()):
                self._notice_silence(seat)
                verdict = seat.stream.withdraws(STALE_ROUNDS)
                if verdict is not None:
                    self._on_verdict(seat.stream.call, seat.stream.participant, verdict)

    def _share_out(self) -> None:
        busy = max((desk.busy for desk in self._desks), default=0.0)
        self._economy.measure(self._late_s(), busy)
        places = self._economy.places(len(self._seats))
        for number in self._turns.allot(places, _now()):
            self._by_number[number].desk.backlog.hide(number)

    def _late_s(self) -> float:
        return max((desk.backlog.late_s for desk in self._desks), default=0.0)

    def _notice_silence(self, seat: _Seat) -> None:
        """Judge somebody, too, of whom nothing comes any more.

        Rounds are counted, not seconds: when the relay itself stood still, the frames
        are there and only wait to be submitted.
        """
        stream = seat.stream
        stream.quiet_rounds += 1
        quiet_s = (stream.quiet_rounds - 1) * ROUND_S
        if stream.arrived is not None and quiet_s >= SILENCE_S:
            for at in stream.windows(stream.arrived + quiet_s, self._thresholds):
                self._tick(seat, at)

    def _hear(self, message: FromWorker) -> None:
        match message:
            case Blind(stream=number) if seat := self._by_number.get(number):
                self._ask(seat.stream)
            case Judged(stream=number) if seat := self._by_number.get(number):
                verdict = Verdict(message.legibility, message.reasons, message.at)
                news = seat.stream.judged(verdict, self._thresholds)
                if news is not None:
                    self._on_verdict(seat.stream.call, seat.stream.participant, news)

    def _start_anew(self, desk: Desk) -> None:
        culprit = self._by_number.get(desk.culprit or 0)
        if culprit is not None:
            self._blame(culprit.stream)
        for number in desk.streams:
            desk.backlog.blind(number)
            self._by_number[number].stream.begin_anew()

    def _blame(self, stream: Stream) -> None:
        """Remember whose pictures ended a worker, of the latest few such people."""
        key = stream.call, stream.participant
        self._ended[key] = self._ended.pop(key, 0) + 1
        if len(self._ended) > MOST_BLAMED:
            del self._ended[next(iter(self._ended))]
        if self._ended[key] == MOST_ENDED:
            self._blamed += 1
            log.warning("a stream ends workers, not looked at", stream=stream.number)

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
        return "switched_off"
    installed = mediapipe_version()
    if installed is None:
        return "no_mediapipe"
    refuse_reporting(installed)
    return None


def _now() -> float:
    return asyncio.get_running_loop().time()
