"""A bad network in user space, where the kernel has none: UDP over lines that lose,
delay, reorder and cap.

Each line is what one household has: whatever goes over it, over however many ports,
shares its cap. It stands in a process of its own, so that no measured process waits.
"""

import asyncio
import itertools
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final, Self

import msgspec

from benchmarks.links import GOOD, Quality
from benchmarks.nat_process import (
    Change,
    Command,
    Count,
    Counted,
    NewDoor,
    NewLine,
    Rebind,
    Reply,
)

ROOT: Final = Path(__file__).parents[1]
PATIENCE: Final = 10.0


class Nat:
    """A proxy process and its lines."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._one_at_a_time = asyncio.Lock()
        self._understand = msgspec.json.Decoder(Reply).decode
        self._seeds = itertools.count(1)

    @classmethod
    @asynccontextmanager
    async def start(cls) -> AsyncIterator[Self]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "benchmarks.nat_process"),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            yield cls(process)
        finally:
            await _end(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def line(self, up: Quality = GOOD, down: Quality = GOOD) -> "Line":
        """Have a line; ``up`` is from who knocks to the target."""
        reply = await self.ask(NewLine(up, down, next(self._seeds)))
        return Line(self, reply.line)

    async def ask(self, command: Command) -> Reply:
        """Have a command carried out.

        Raises:
            ConnectionError: the process has ended.
            TimeoutError: it does not answer.
        """
        come, go = self._process.stdout, self._process.stdin
        assert come is not None
        assert go is not None
        async with self._one_at_a_time, asyncio.timeout(PATIENCE):
            go.write(msgspec.json.encode(command) + b"\n")
            await go.drain()
            line = await come.readline()
        if not line:
            raise ConnectionError("the proxy has ended")
        return self._understand(line)


class Line:
    """One line of a proxy, with any number of doors."""

    def __init__(self, nat: Nat, number: int) -> None:
        self._nat = nat
        self._number = number

    async def door(self, host: str, port: int) -> tuple[str, int]:
        """Give the address of a new port that leads over this line to a target."""
        reply = await self._nat.ask(NewDoor(self._number, host, port))
        return reply.host, reply.port

    async def change(self, up: Quality, down: Quality) -> None:
        """Be another line from now on."""
        await self._nat.ask(Change(self._number, up, down))

    async def rebind(self) -> None:
        """Come to the target from other ports, as after a roam."""
        await self._nat.ask(Rebind(self._number))

    async def counted(self) -> tuple[Counted, Counted]:
        """Say what has gone up and down."""
        reply = await self._nat.ask(Count(self._number))
        assert reply.up is not None
        assert reply.down is not None
        return reply.up, reply.down


@asynccontextmanager
async def open_nat(
    target: tuple[str, int], up: Quality, down: Quality
) -> AsyncIterator[tuple[tuple[str, int], Line]]:
    """Have one door to one target; gives its address, and its line for changes."""
    async with Nat.start() as nat:
        line = await nat.line(up, down)
        yield await line.door(*target), line


async def _end(process: asyncio.subprocess.Process) -> None:
    """The proxy ends with its input; one that does not is killed."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(PATIENCE):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
