"""One worker process and the queue before it; a worker that dies or hangs is replaced."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, cast

import msgspec
import structlog

from relay.eye.backlog import Backlog
from relay.eye.messages import (
    LENGTH_BYTES,
    Broken,
    FromWorker,
    Ping,
    Pong,
    Ready,
    ToWorker,
    Watch,
    Work,
    length_of,
    pack,
    unpacker,
)

START_S = 30.0
"""A worker that is not ready by then did not start; loading takes about a second."""

PING_S = 1.0
PATIENCE = 4
"""Rounds of `PING_S` without an answer: then it hangs; a full queue takes one round."""

FIRST_REST_S = 0.2
LONGEST_REST_S = 30.0
"""Before the next worker: doubled each time that one ends without having been ready."""

ROOT = Path(__file__).parents[2]
"""The folder that holds our packages, in a checkout as in site-packages."""

log: structlog.stdlib.BoundLogger = structlog.get_logger("relay.eye")


class WorkerLostError(Exception):
    """The worker says that it ends, and why."""


class Desk:
    """The place of one worker.

    Args:
        number: for the log.
        model: absolute path of the hand model.
        on_message: hears what the worker finds.
        on_lost: the worker is gone with all that it knew; the streams start anew.
    """

    def __init__(
        self,
        number: int,
        model: Path,
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
        self.work = Work()
        self.busy = 0.0
        self.pid: int | None = None
        self.restarts = 0
        self.ponged = 0
        self._model = model
        self._on_message = on_message
        self._on_lost = on_lost
        self._waiting = asyncio.Event()
        self._worked_at = self._waited_s = 0.0
        self._pings = 0
        self._hangs = False

    def put(self, message: ToWorker) -> None:
        """Queue a message; while there is no worker, nothing is kept."""
        if self.ready.is_set():
            self.backlog.put(message)
            self._waiting.set()

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
        try:
            async with (
                _spawned(self._model) as (process, reader, pipe),
                asyncio.TaskGroup() as tasks,
            ):
                self.pid = process.pid
                self._hangs = False
                helpers = (
                    tasks.create_task(self._write(pipe)),
                    tasks.create_task(self._watch(process)),
                )
                reason = await self._read(reader)
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
        self.pid = None
        self.restarts += 1
        self.backlog.clear()
        self.busy = self._waited_s = 0.0
        self._on_lost(self)

    async def _read(self, reader: asyncio.StreamReader) -> str:
        """Hear the worker until it is gone or of no use; gives the reason."""
        read = unpacker(FromWorker)
        try:
            async with asyncio.timeout(START_S):
                self._hear(read(await _message(reader)))
            while True:
                self._hear(read(await _message(reader)))
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
            case Ready():
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
        self.work = work
        if elapsed_s >= PING_S / 2:
            idle = (work.waited_s - self._waited_s) / elapsed_s
            self.busy = min(max(1 - idle, 0.0), 1.0)
            self._worked_at, self._waited_s = now, work.waited_s

    async def _write(self, pipe: "_Pipe") -> None:
        await self.ready.wait()
        while True:
            while (message := self.backlog.pop()) is not None:
                await pipe.write(pack(message))
            self._waiting.clear()
            await self._waiting.wait()

    async def _watch(self, process: Process) -> None:
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
        with contextlib.suppress(ProcessLookupError):
            process.kill()


class _Pipe(asyncio.BaseProtocol):
    """The way to the worker, which waits when the worker is slow."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._open = asyncio.Event()
        self._open.set()
        self._lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclasses of asyncio's
        self._transport = cast("asyncio.WriteTransport", transport)
        self._transport.set_write_buffer_limits(high=16 * 1024)

    def pause_writing(self) -> None:
        self._open.clear()

    def resume_writing(self) -> None:
        self._open.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._lost = True
        self._open.set()

    async def write(self, data: bytes) -> None:
        """Send, when there is room; to a worker that is gone, nothing."""
        await self._open.wait()
        if self._transport is not None and not self._lost:
            self._transport.write(data)


@asynccontextmanager
async def _spawned(
    model: Path,
) -> AsyncIterator[tuple[Process, asyncio.StreamReader, _Pipe]]:
    """Start a worker on two plain pipes, and see to its end.

    asyncio's own pipes may be socket pairs; a worker has no socket at all.
    """
    loop = asyncio.get_running_loop()
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    pipe = _Pipe()
    reader = asyncio.StreamReader()
    async with contextlib.AsyncExitStack() as stack:
        try:
            out, _ = await loop.connect_write_pipe(lambda: pipe, _file(ours_out, "wb"))
            stack.callback(_abort, out)
            into, _ = await loop.connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(reader), _file(ours_in, "rb")
            )
            stack.callback(into.close)
            process = await _start(model, theirs_in, theirs_out)
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        stack.push_async_callback(_end, process)
        yield process, reader, pipe


async def _start(model: Path, source: int, sink: int) -> Process:
    """Give it none of our environment: it has secrets, and the worker reads strangers."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "relay.eye.worker",
        str(model),
        stdin=source,
        stdout=sink,
        stderr=DEVNULL,
        cwd=ROOT,
        env={
            "GLOG_minloglevel": "3",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        start_new_session=True,
    )


def _abort(transport: asyncio.WriteTransport) -> None:
    if not transport.is_closing():  # asyncio's stumbles when it is aborted twice
        transport.abort()


def _file(descriptor: int, mode: str) -> IO[bytes]:
    return os.fdopen(descriptor, mode)


async def _end(process: Process) -> None:
    """It has nothing to save, and its parent may have only two seconds."""
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()


async def _message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(LENGTH_BYTES)
    return await reader.readexactly(length_of(head))
