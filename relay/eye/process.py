"""A worker's process and its pipes: started with nothing of ours, ended for certain.

Besides the way there and the way back there are two narrow pipes of numbers. By *nos*
the worker hears of streams that it must not look at any more, before all that already
waits in its way; by *trail* it says which stream it is at, so that one that ends a
worker is known by its number. Neither ever makes anybody wait.
"""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from relay.eye.messages import (
    LENGTH_BYTES,
    NUMBER_BYTES,
    length_of,
    pack_number,
    unpack_number,
)

ROOT = Path(__file__).parents[2]
"""The folder that holds our packages, in a checkout as in site-packages."""


class WayThere(asyncio.BaseProtocol):
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


@dataclass(slots=True)
class Employed:
    """A worker at work, as its desk has it."""

    process: Process
    way_there: WayThere
    _way_back: asyncio.StreamReader
    _nos: int
    _trail: int
    _at: int = 0
    _held: bytes | None = None

    async def loaded(self) -> None:
        """Wait until the worker has said something; the next who asks hears it.

        Raises: as `message`.
        """
        self._held = await self.message()

    async def message(self) -> bytes:
        """Wait for what the worker says next.

        Raises:
            IncompleteReadError, OSError: it is gone.
            ValueError: that is no message of ours.
        """
        if self._held is not None:
            held, self._held = self._held, None
            return held
        head = await self._way_back.readexactly(LENGTH_BYTES)
        return await self._way_back.readexactly(length_of(head))

    def forbid(self, stream: int) -> None:
        """Have nothing of this stream looked at any more, also of what is on its way."""
        with contextlib.suppress(
            OSError
        ):  # full or broken: the worker hangs or is gone
            os.write(self._nos, pack_number(stream))

    def at(self) -> int:
        """Say which stream the worker is at; 0 when it is at none."""
        with contextlib.suppress(BlockingIOError):
            while trail := os.read(self._trail, 4096 * NUMBER_BYTES):
                self._at = unpack_number(trail[-NUMBER_BYTES:])
        return self._at

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()


@asynccontextmanager
async def employed(model: Path) -> AsyncIterator[Employed]:
    """Start a worker on plain pipes, and see to its end.

    asyncio's own pipes may be socket pairs; a worker has no socket at all.
    """
    loop = asyncio.get_running_loop()
    way_there, way_back = WayThere(), asyncio.StreamReader()
    async with contextlib.AsyncExitStack() as stack:
        with contextlib.ExitStack() as theirs:
            their_in, our_out = _pipe(theirs, 0)
            out, _ = await loop.connect_write_pipe(
                lambda: way_there, _file(our_out, "wb")
            )
            stack.callback(_abort, out)
            our_in, their_out = _pipe(theirs, 1)
            into, _ = await loop.connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(way_back), _file(our_in, "rb")
            )
            stack.callback(into.close)
            their_nos, our_nos = _pipe(theirs, 0, waits=False)
            stack.callback(os.close, our_nos)
            our_trail, their_trail = _pipe(theirs, 1, waits=False)
            stack.callback(os.close, our_trail)
            process = await _start(model, their_in, their_out, their_nos, their_trail)
        stack.push_async_callback(_end, process)
        yield Employed(process, way_there, way_back, our_nos, our_trail)


def _pipe(
    theirs: contextlib.ExitStack, their_end: int, *, waits: bool = True
) -> tuple[int, int]:
    """Make a pipe, of which the worker's end is closed here once it has started."""
    ends = os.pipe()
    theirs.callback(os.close, ends[their_end])
    if not waits:
        for end in ends:
            os.set_blocking(end, False)
    return ends


async def _start(model: Path, source: int, sink: int, nos: int, trail: int) -> Process:
    """Give it none of our environment: it has secrets, and the worker reads strangers."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "relay.eye.worker",
        str(model),
        str(nos),
        str(trail),
        stdin=source,
        stdout=sink,
        stderr=DEVNULL,
        pass_fds=(nos, trail),
        cwd=ROOT,
        env={
            "GLOG_minloglevel": "3",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
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
