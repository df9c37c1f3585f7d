"""One worker process and the queue before it; a worker that dies or hangs is replaced."""

import asyncio
from collections.abc import Callable

import msgspec
import structlog

from relay.eye.backlog import Backlog
from relay.eye.bench import START_S, Bench
from relay.eye.messages import (
    Broken,
    FromWorker,
    Ping,
    Pong,
    Ready,
    ToWorker,
    Unwatch,
    Watch,
    Work,
    pack,
    unpacker,
)
from relay.eye.process import Employed

PING_S = 1.0
PATIENCE = 4
"""Rounds of `PING_S` without an answer: then it hangs; a full queue takes one round."""

FIRST_REST_S = 0.05
LONGEST_REST_S = 30.0
"""Before the next worker: doubled each time that one ends without having been ready."""

log: structlog.stdlib.BoundLogger = structlog.get_logger("relay.eye")


class WorkerLostError(Exception):
    """The worker says that it ends, and why."""


class Desk:
    """The place of one worker.

    Args:
        number: for the log.
        bench: where workers come from.
        on_message: hears what the worker finds.
        on_lost: the worker is gone with all that it knew; the streams start anew.
    """

    def __init__(
        self,
        number: int,
        bench: Bench,
        *,
        on_message: Callable[[FromWorker], None],
        on_lost: Callable[["Desk"], None],
    ) -> None:
        self.number = number
        self.backlog = Backlog()
        self.streams: set[int] = set()
        self.ready = asyncio.Event()
        self.settled = asyncio.Event()
        self.trouble: str | None = None
        self.work = self._before = Work()
        self.busy = 0.0
        self.pid: int | None = None
        self.culprit: int | None = None
        self.is_sealed = False
        self.restarts = 0
        self.ponged = 0
        self._bench = bench
        self._on_message = on_message
        self._on_lost = on_lost
        self._worker: Employed | None = None
        self._waiting = asyncio.Event()
        self._worked_at = self._waited_s = 0.0
        self._pings = 0
        self._hangs = False

    def put(self, message: ToWorker) -> None:
        """Queue a message; while there is no worker, nothing is kept."""
        if self.ready.is_set():
            self.backlog.put(message)
            self._waiting.set()

    def forbid(self, stream: int) -> None:
        """Have nothing more of this stream looked at, wherever it waits."""
        self.backlog.forget(stream)
        if self._worker is not None:
            self._worker.forbid(stream)
        self.put(Unwatch(stream=stream))

    def ping(self) -> int:
        """Ask for a sign of life; `ponged` reaches the number when all before is done."""
        self._pings += 1
        self.put(Ping(number=self._pings))
        return self._pings

    async def run(self) -> None:
        """Keep one worker alive until cancelled."""
        rest_s = FIRST_REST_S
        while True:
            reason = await self._employ()
            rest_s = FIRST_REST_S if self.ready.is_set() else rest_s * 2
            rest_s = min(rest_s, LONGEST_REST_S)
            self._lose(reason)
            await asyncio.sleep(rest_s)

    async def _employ(self) -> str:
        """Run one worker to its end, and say why it ended.

        Nothing in the group raises: in Python 3.11 a group that fails leaves its task
        marked as cancelled, and this one goes on to the next worker.
        """
        self.culprit = None
        try:
            async with (
                self._bench.worker() as worker,
                asyncio.TaskGroup() as tasks,
            ):
                self._worker, self.pid = worker, worker.process.pid
                self._hangs = False
                helpers = (
                    tasks.create_task(self._write(worker)),
                    tasks.create_task(self._watch(worker)),
                )
                reason = await self._read(worker)
                if not self._hangs:  # else perhaps it only had no processor
                    self.culprit = worker.at() or None
                for helper in helpers:
                    helper.cancel()
        except OSError as error:
            return f"no process: {error}"
        return reason

    def _lose(self, reason: str) -> None:
        log.warning("eye worker replaced", worker=self.number, reason=reason)
        self.trouble = reason
        self.settled.set()
        self.ready.clear()
        self.pid = self._worker = None
        self.restarts += 1
        self.backlog.clear()
        self.busy = self._waited_s = 0.0
        self._before = self.work
        self.is_sealed = False
        self._on_lost(self)

    async def _read(self, worker: Employed) -> str:
        """Hear the worker until it is gone or of no use; gives the reason."""
        read = unpacker(FromWorker)
        try:
            async with asyncio.timeout(START_S):
                self._hear(read(await worker.message()))
            while True:
                self._hear(read(await worker.message()))
                worker.at()  # so that the trail never fills
        except TimeoutError:
            return f"not ready after {START_S:.0f} s"
        except (asyncio.IncompleteReadError, OSError):
            return "it did not answer" if self._hangs else "it ended"
        except (ValueError, msgspec.MsgspecError) as error:
            return f"it does not make sense: {error}"
        except WorkerLostError as error:
            return str(error)

    def _hear(self, message: FromWorker) -> None:
        match message:
            case Ready(unsealed=why):
                self._note_seal(why)
                for stream in self.streams:
                    self.backlog.put(Watch(stream=stream))
                self._waiting.set()
                self.ready.set()
                self.settled.set()
            case Pong(number=number, work=work):
                self._note_work(work)
                self.ponged = number
            case Broken(text=text):
                raise WorkerLostError(text)
            case _:
                self._on_message(message)

    def _note_work(self, work: Work) -> None:
        """Note what was done, and which share of the time since was not idle."""
        now = asyncio.get_running_loop().time()
        elapsed_s = now - self._worked_at
        self.work = self._before.plus(work)
        if elapsed_s >= PING_S / 2:
            idle = (work.waited_s - self._waited_s) / elapsed_s
            self.busy = min(max(1 - idle, 0.0), 1.0)
            self._worked_at, self._waited_s = now, work.waited_s

    def _note_seal(self, unsealed: str | None) -> None:
        self.is_sealed = unsealed is None
        if unsealed is not None:
            log.warning("eye worker not sealed", worker=self.number, reason=unsealed)

    async def _write(self, worker: Employed) -> None:
        await self.ready.wait()
        while True:
            while (message := self.backlog.pop()) is not None:
                await worker.way_there.write(pack(message))
            self._waiting.clear()
            await self._waiting.wait()

    async def _watch(self, worker: Employed) -> None:
        """Kill a worker that hangs.

        Our own rounds are counted, not seconds: when we stand still, no worker hangs.
        """
        await self.ready.wait()
        missed = 0
        while missed <= PATIENCE:
            number = self.ping() if missed == 0 else self._pings
            await asyncio.sleep(PING_S)
            missed = 0 if self.ponged >= number else missed + 1
        self._hangs = True
        worker.kill()
