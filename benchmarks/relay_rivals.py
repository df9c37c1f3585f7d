"""Who forwards in a race: what all have in common, and our own relay among them."""

import asyncio
import contextlib
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from benchmarks.media_peer import MediaPeer
from benchmarks.peer_wishes import Wishes, own_address
from relay.client import RelayClient
from relay.messages import Role

ROOT: Final = Path(__file__).parents[1]
START_SECONDS: Final = 20.0
END_SECONDS: Final = 10.0
SENDS: Final[Wishes] = {"receives": False}
GOOD_NETWORK: Final[Wishes] = {"lose_every": 500, "far": 0.02}
"""Two packets of pictures in a thousand come again, from 20 ms away.

Without a distance Janus keeps nothing that it could send again.
"""

WATCHES: Final[Wishes] = {"sends": False, "lose_every": 500, "far": 0.02}

UDP_PORTS: Final = (10_000, 31_000)
"""Below the ports that the system chooses by itself."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One who sends pictures and sound, and who are shown them."""

    source: MediaPeer
    sinks: tuple[MediaPeer, ...] = field(repr=False)


class Rival(Protocol):
    """A server process that forwards."""

    @property
    def name(self) -> str: ...

    @property
    def pid(self) -> int: ...

    async def stream(self, *, watchers: int = 1) -> Stream:
        """Let a new peer send and others watch it; all leave when the rival does."""
        ...


def cpu_seconds(pid: int) -> float:
    """Tell the processor time that a process has used: user and system, all threads."""
    # clock_getcpuclockid(3): the clock of another process is made of its number
    return time.clock_gettime((~pid) << 3 | 2)


@asynccontextmanager
async def process(
    *program: str, variables: Mapping[str, str], ready: bytes = b""
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a server until the block ends; it has begun when it says a word.

    Raises:
        TimeoutError: it has not said that it is ready within 20 s.
        ConnectionError: it has ended instead.

    """
    server = await asyncio.create_subprocess_exec(
        *program, env=dict(variables), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert server.stdout is not None
    async with asyncio.TaskGroup() as tasks:
        try:
            async with asyncio.timeout(START_SECONDS):
                while ready and ready not in (line := await server.stdout.readline()):
                    if not line:
                        raise ConnectionError(f"{program[0]} has ended at once")
            reading = tasks.create_task(_drain(server.stdout))
            yield server
            reading.cancel()
        finally:
            await _end(server)


async def _drain(reader: asyncio.StreamReader) -> None:
    while await reader.read(1 << 16):
        pass


async def _end(server: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        server.terminate()
    try:
        async with asyncio.timeout(END_SECONDS):
            await server.wait()
    except TimeoutError:
        server.kill()
        await server.wait()


class OurRelay:
    """The relay of this platform, in a process of its own."""

    name = "relay"

    def __init__(self, client: RelayClient, pid: int, stack: AsyncExitStack) -> None:
        self.pid: Final = pid
        self.client: Final = client
        self._stack = stack
        self._calls = 0

    @classmethod
    @asynccontextmanager
    async def open(
        cls, *, program: tuple[str, ...] = (), eye_workers: int = 0
    ) -> AsyncIterator["OurRelay"]:
        """Run it until the block ends.

        Args:
            program: what to run instead of ``python -m relay`` at its control door.
            eye_workers: processes of its eye, which looks at nobody before a yes.
        """
        with tempfile.TemporaryDirectory(prefix="relay") as folder:
            secret, address = secrets.token_hex(32), f"unix:{folder}/s"
            first = UDP_PORTS[0] + secrets.randbelow(UDP_PORTS[1] - UDP_PORTS[0])
            variables = {
                "PYTHONPATH": str(ROOT),
                "ILLICO_RELAY_LISTEN": address,
                "ILLICO_RELAY_SECRET": secret,
                "ILLICO_RELAY_UDP_PORTS": f"{first}-{first + 999}",
                "ILLICO_RELAY_ADDRESS": own_address(),
                "ILLICO_EYE_WORKERS": str(eye_workers),
            }
            command = (sys.executable, *(program or ("-m", "relay")))
            async with (
                process(*command, variables=variables, ready=b"ready") as server,
                RelayClient.open("r1", address, secret, server="s1") as client,
                AsyncExitStack() as stack,
            ):
                yield cls(client, server.pid, stack)

    async def stream(self, *, watchers: int = 1, watching: Wishes = WATCHES) -> Stream:
        """Make a call of one who sends and others who only watch."""
        call = self._new_call()
        source = await self.join(call, "caller", SENDS)
        names = [f"agent:{n}" for n in range(watchers)]
        sinks = [await self.join(call, n, watching) for n in names]
        routes = [("caller", name) for name in names]
        await self.client.route(call=call, token=1, routes=routes)
        return Stream(source, tuple(sinks))

    async def talk(self) -> tuple[MediaPeer, MediaPeer]:
        """Make a call of two who see each other."""
        call = self._new_call()
        both = [
            await self.join(call, name, GOOD_NETWORK) for name in ("caller", "agent:1")
        ]
        routes = [("caller", "agent:1"), ("agent:1", "caller")]
        await self.client.route(call=call, token=1, routes=routes)
        return both[0], both[1]

    async def join(self, call: str, name: str, wishes: Wishes) -> MediaPeer:
        """Let a new peer into a call."""
        peer = await self._stack.enter_async_context(MediaPeer.open(**wishes))
        answer = await self.client.open_leg(
            call=call,
            participant=name,
            role=Role(name.partition(":")[0]),
            leg=f"{call}-{name}",
            token=1,
            sdp=peer.offer(),
            eye=False,
        )
        await peer.answer(answer)
        return peer

    def _new_call(self) -> str:
        self._calls += 1
        return f"call-{self._calls}"
