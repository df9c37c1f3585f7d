"""A person at a terminal: starts `illico up`, reads, types Ctrl-C."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

import redis.asyncio

from illico import records, valkey

START_SECONDS = 70


@dataclass
class Up:
    """A running `illico up`, as a person at a terminal has it."""

    process: asyncio.subprocess.Process
    data: Path
    port: int
    portal_port: int
    said: list[str] = field(default_factory=list)

    @property
    def _output(self):
        assert self.process.stdout is not None
        return self.process.stdout

    async def until(self, words, seconds=START_SECONDS):
        """Read on until a line holds these words."""
        async with asyncio.timeout(seconds):
            while line := await self._output.readline():
                self.said.append(line.decode().rstrip())
                if words in self.said[-1]:
                    return self.said[-1]
        raise AssertionError("\n".join(["ended before it said so:", *self.said]))

    async def end(self, number=signal.SIGINT, seconds=10):
        """Send a signal and wait for the end; what it still said is kept."""
        self.process.send_signal(number)
        return await self.ended(seconds)

    async def ended(self, seconds=10):
        async with asyncio.timeout(seconds):
            rest = await self._output.read()
            self.said += rest.decode().splitlines()
            return await self.process.wait()

    def children(self):
        """The recorded processes that live now, by name."""
        return {
            each.name: each.pid
            for each in records.load(self.data / "run" / "processes.json")
            if records.birth(each.pid) == each.birth
        }

    @property
    def text(self):
        return "\n".join(self.said)


async def spawn(data, port, portal_port, options, variables):
    """Type `illico up` at a terminal of its own."""
    process = await typed(
        "up",
        *("--port", str(port), "--portal-port", str(portal_port), *options),
        data=data,
        variables=variables,
    )
    return Up(process, data, port, portal_port)


async def typed(*words, data, variables=None, stdin=asyncio.subprocess.DEVNULL):
    """Type an `illico` command, on a data folder, with variables."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("ILLICO_")}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "illico",
        *words,
        env={
            **inherited,
            "ILLICO_DATA_DIR": str(data),
            "ILLICO_EYE_WORKERS": "0",
            "PYTHONUNBUFFERED": "1",
            **(variables or {}),
        },
        stdin=stdin,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )


async def said(*words, data, answer=""):
    """Type a command and an answer; tell its exit code and what it said."""
    process = await typed(*words, data=data, stdin=asyncio.subprocess.PIPE)
    async with asyncio.timeout(50):
        output, _ = await process.communicate(answer.encode())
    return process.returncode, output.decode()


async def clean(running):
    left = running.children()
    if running.process.returncode is None:
        with contextlib.suppress(TimeoutError):
            await running.end(signal.SIGTERM)
    if running.process.returncode is None:
        running.process.kill()
        await running.process.wait()
    for pid in {**left, **running.children()}.values():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def free_ports(count):
    with contextlib.ExitStack() as stack:
        probes = [
            stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            for _ in range(count)
        ]
        return [probe.getsockname()[1] for probe in probes]


async def until(holds, seconds=10.0):
    """Poll until a claim holds."""
    async with asyncio.timeout(seconds):
        while not (found := holds()):  # noqa: ASYNC110 - other processes set no event
            await asyncio.sleep(0.02)
    return found


def living(children):
    """Name the processes of an earlier list that still live."""
    return [name for name, pid in children.items() if records.birth(pid)]


def demo_accounts(data):
    return json.loads((data / "demo-accounts.json").read_text())


def on_valkey(data):
    return redis.asyncio.Redis.from_url(valkey.url(data / "run"))
