"""Relay processes of their own, and listeners that keep what they are told."""

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from relay.client import RelayClient

ROOT = Path(__file__).parents[3]
SECRET = "the secret of the tests, long enough"
_first_port = 42_000 + os.getpid() % 100 * 100


@asynccontextmanager
async def relay_process(folder, *program, stderr=None, **variables):
    """A relay of its own; gives its control address and its process."""
    global _first_port
    first, _first_port = _first_port, _first_port + 50
    socket = Path(folder) / f"relay-{first}.sock"
    environment = {
        **os.environ,
        "ILLICO_RELAY_LISTEN": f"unix:{socket}",
        "ILLICO_RELAY_SECRET": SECRET,
        "ILLICO_RELAY_UDP_PORTS": f"{first}-{first + 49}",
        "ILLICO_EYE_WORKERS": "0",
        "ILLICO_RELAY_DRAIN_SECONDS": "1.5",
        **variables,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *(program or ("-m", "relay")),
        env=environment,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=stderr,
    )
    assert process.stdout is not None
    async with asyncio.timeout(20):
        ready = await process.stdout.readline()
    assert ready.split()[:2] == [b"ready", b"relay"], ready
    try:
        yield ready.split()[2].decode(), process
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(15):
            code = await process.wait()
        assert code in {0, -signal.SIGKILL}  # a test may have killed it


class Listener:
    """A client of a relay that keeps every event."""

    def __init__(self, client):
        self.client = client
        self.events = []

    async def listen(self):
        async for event in self.client.events():
            self.events.append(event)

    def of(self, kind, **facts):
        """The events of a kind that have these facts."""
        return [
            event
            for event in self.events
            if isinstance(event, kind)
            and all(getattr(event, name) == value for name, value in facts.items())
        ]

    async def wait_for(self, kind, within=10, **facts):
        """The first event of a kind that has these facts."""

        def found():
            return self.of(kind, **facts)

        await eventually(found, within)
        return self.of(kind, **facts)[0]


async def eventually(claim, within=10):
    """Wait until a claim holds, and give what it gave."""
    deadline = asyncio.get_running_loop().time() + within
    while True:
        value = claim()
        if asyncio.iscoroutine(value):
            value = await value
        if value:
            return value
        assert asyncio.get_running_loop().time() < deadline, "it never came true"
        await asyncio.sleep(0.05)


@asynccontextmanager
async def listening(address, server="s1", secret=SECRET, **more):
    async with RelayClient.open("r1", address, secret, server=server, **more) as client:
        listener = Listener(client)
        task = asyncio.get_running_loop().create_task(listener.listen())
        try:
            yield listener
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
