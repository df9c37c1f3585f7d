"""One relay in a process of its own, looked at from outside; gone at the end."""

import asyncio
import json
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp

from benchmarks.laid_open_relay import MARK
from illico.settings import PREFIX, environment

HERE: Final = "127.0.0.1"
START_SECONDS: Final = 20.0
ASK_AGAIN: Final = 0.5
FAULTS: Final = ("Traceback (most", " exception=", "[error", "level=error", "[critical")
"""What a line of the log has in it when the relay has met something unforeseen."""


@dataclass(slots=True)
class RelayProcess:
    """A relay that runs: its door, its number, what it keeps and what it has said."""

    address: str
    secret: str = field(repr=False)
    process: asyncio.subprocess.Process
    log: Path
    ports: tuple[int, int]

    def rss_kib(self) -> int:
        """Tell the memory that the process itself has touched and still holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        held = next(line for line in status.splitlines() if line.startswith("RssAnon"))
        return int(held.split()[1])

    def faults(self) -> list[str]:
        """List what the log tells of exceptions, each with the lines that follow."""
        found: list[str] = []
        said = self.log.read_text(encoding="utf-8", errors="replace")
        for line in said.splitlines():
            if any(fault in line for fault in FAULTS):
                found.append(line)
            elif found and line.startswith((" ", "During", "The above")):
                found[-1] += f"\n{line}"
        return found

    async def figures(self) -> dict[str, float]:
        """Read what it tells Prometheus, by name and labels."""
        connector = aiohttp.UnixConnector(self.address.removeprefix("unix:"))
        headers = {"Authorization": f"Bearer {self.secret}"}
        async with (
            aiohttp.ClientSession(connector=connector, headers=headers) as session,
            session.get("http://relay/metrics") as response,
        ):
            lines = (await response.text()).splitlines()
        pairs = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {name: float(value) for name, _, value in pairs}

    async def laid_open(self) -> dict[str, Any]:
        """Ask for `objects` that are alive, and `kinds` of them.

        Raises:
            TimeoutError: it does not answer.

        """
        before = len(self._told())
        async with asyncio.timeout(START_SECONDS):
            while len(told := self._told()) == before:
                # uvloop may lose a signal that comes while it handles another wake-up
                self.process.send_signal(signal.SIGUSR1)
                await asyncio.sleep(ASK_AGAIN)
        found: dict[str, Any] = json.loads(told[-1])
        return found

    def _told(self) -> list[str]:
        text = self.log.read_text(encoding="utf-8", errors="replace")
        whole = text[: text.rfind("\n") + 1].splitlines()
        return [line.removeprefix(MARK) for line in whole if line.startswith(MARK)]


@asynccontextmanager
async def relay_process(
    folder: Path, ports: tuple[int, int]
) -> AsyncIterator[RelayProcess]:
    """Run a relay without an eye; it has ended when the block is left.

    Args:
        folder: a short path for its socket and its log.
        ports: the first and the last UDP port of its legs.

    Raises:
        ChildProcessError: it did not start, or ended with an error.

    """
    secret, log = secrets.token_hex(24), folder / "log"
    inherited = {k: v for k, v in environment().items() if not k.startswith(PREFIX)}
    with log.open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.laid_open_relay"),
            env={
                **inherited,
                "ILLICO_RELAY_LISTEN": f"unix:{folder}/relay",
                "ILLICO_RELAY_SECRET": secret,
                "ILLICO_RELAY_UDP_PORTS": f"{ports[0]}-{ports[1]}",
                "ILLICO_RELAY_ADDRESS": HERE,
                "ILLICO_EYE_WORKERS": "0",
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=said,
        )
    try:
        address = await _address(process, log)
        yield RelayProcess(address, secret, process, log, ports)
    finally:
        if process.returncode is None:
            process.terminate()
        code = await asyncio.wait_for(process.wait(), START_SECONDS)
    if code:
        raise ChildProcessError(f"the relay ended with {code}: {_end_of(log)}")


async def _address(process: asyncio.subprocess.Process, log: Path) -> str:
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
    if not line.startswith(b"ready relay "):
        raise ChildProcessError(f"the relay did not start: {_end_of(log)}")
    return line.split()[2].decode()


def _end_of(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-2000:]


def own_ports(count: int) -> tuple[int, int]:
    """Draw a range of UDP ports that nobody else here is likely to use."""
    first = 20_000 + secrets.randbelow(12_000 // count) * count
    return first, first + count - 1
