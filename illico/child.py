"""One child process: started, ready, ended."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from illico import logs
from illico.errors import StartFailedError
from illico.plan import Program

START_SECONDS: Final = 60.0
PING_SECONDS: Final = 1.0
POLL_SECONDS: Final = 0.02
LONGEST_READY_LINE: Final = 2_000
LAUNCHER: Final = Path(__file__).with_name("launch.py")


class _Ear(asyncio.SubprocessProtocol):
    """Hears the `ready` line on standard output, writes everything into the log."""

    def __init__(self, log: BinaryIO) -> None:
        loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[str] = loop.create_future()
        self.exited: asyncio.Future[None] = loop.create_future()
        self._log = log
        self._heard = b""

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        del fd  # standard output is the only pipe
        self._log.write(data)
        if self.ready.done():
            return
        self._heard += data
        *lines, self._heard = self._heard.split(b"\n")
        self._heard = self._heard[-LONGEST_READY_LINE:]
        for line in lines:
            if line.startswith(b"ready ") and not self.ready.done():
                self.ready.set_result(line.decode(errors="replace").strip())

    def process_exited(self) -> None:
        self.exited.set_result(None)
        if not self.ready.done():
            self.ready.cancel()


@dataclass(slots=True)
class _Life:
    """One process of the child's program, from its start to its end."""

    transport: asyncio.SubprocessTransport
    ear: _Ear
    log: BinaryIO
    is_buried: bool = False

    @property
    def pid(self) -> int:
        return self.transport.get_pid()

    @property
    def is_over(self) -> bool:
        return self.ear.exited.done()

    def bury(self) -> None:
        """Close our ends; whatever the process itself started goes with it."""
        if self.is_buried:  # the system may have given the number away since
            return
        self.is_buried = True
        _signal_group(self.pid, signal.SIGKILL)
        self.transport.close()
        self.log.close()


class Child:
    """A program that may be started again after it ended."""

    def __init__(
        self,
        program: Program,
        *,
        log: Path,
        environment: Mapping[str, str],
        born: Callable[[], None],
        start_seconds: float = START_SECONDS,
    ) -> None:
        self.program = program
        self.log = log
        self.address = ""
        self._born = born
        self._environment = {**environment, **program.environment}
        self._start_seconds = start_seconds
        self._life: _Life | None = None
        self._is_serving = False

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def pid(self) -> int | None:
        """The number of the living process."""
        life = self._life
        return None if life is None or life.is_over else life.pid

    @property
    def is_serving(self) -> bool:
        """Whether the living process has said that it is ready."""
        return self.pid is not None and self._is_serving

    async def start(self) -> None:
        """Start the program and wait until it serves.

        Raises:
            StartFailedError: it ended, or was not ready in time; it is gone then.
        """
        since = self.log.stat().st_size if self.log.exists() else 0
        self._is_serving = False
        why = ""
        try:
            async with asyncio.timeout(self._start_seconds):
                life = self._life = await self._spawn()
                self._born()
                self._is_serving = await self._is_ready(life)
                if self._is_serving:
                    return
                why = f"it ended with {_ending(life)}"
        except TimeoutError:
            why = f"it was not ready within {self._start_seconds:.0f} s"
        await self.kill()
        raise StartFailedError(
            self.name,
            why,
            self.log,
            logs.tail(self.log, since=since),
        )

    async def ended(self) -> str:
        """Wait for the end of the process and tell how it ended."""
        if self._life is None:
            return "no start"
        await asyncio.shield(self._life.ear.exited)
        self._life.bury()
        return _ending(self._life)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process itself; SIGKILL goes to all it started."""
        if self.pid is None:
            return
        if number is signal.SIGKILL:
            _signal_group(self.pid, number)
        elif self._life is not None:
            self._life.transport.send_signal(number)

    async def kill(self) -> None:
        """End it at once and wait until it is gone."""
        self.signal(signal.SIGKILL)
        await self.ended()

    async def _spawn(self) -> _Life:
        log = self.log.open("ab", buffering=0)
        loop = asyncio.get_running_loop()
        try:
            transport, ear = await loop.subprocess_exec(
                lambda: _Ear(log),
                *_launched(self.program.command),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=self._environment,
                start_new_session=True,  # the terminal's Ctrl-C is for illico alone
                umask=0o077,
            )
        except BaseException:
            log.close()
            raise
        return _Life(transport, ear, log)

    async def _is_ready(self, life: _Life) -> bool:
        if self.program.answers_on is not None:
            return await _answers(self.program.answers_on, life)
        await asyncio.wait([life.ear.ready])
        if life.ear.ready.cancelled():
            return False
        self.address = life.ear.ready.result().rpartition(" ")[2]
        return True


async def _answers(path: Path, life: _Life) -> bool:
    """Ask PING until it is answered; False if the process ends before."""
    while not life.is_over:
        if await _ping(path):
            return True
        await asyncio.sleep(POLL_SECONDS)
    return False


async def _ping(path: Path) -> bool:
    try:
        async with asyncio.timeout(PING_SECONDS):
            reader, writer = await asyncio.open_unix_connection(path)
            try:
                writer.write(b"PING\r\n")
                return (await reader.readline()).startswith(b"+PONG")
            finally:
                writer.close()
                await writer.wait_closed()
    except (OSError, TimeoutError):
        return False


def _launched(command: tuple[str, ...]) -> list[str]:
    """Prefix the launcher, by which a child ends when illico is killed."""
    own = [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid())]
    return [*own, *command]


def _ending(life: _Life) -> str:
    code = life.transport.get_returncode()
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):  # macOS: a group of zombies
        return
