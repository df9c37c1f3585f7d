"""A whole platform of real processes for a benchmark or a test, gone at its end."""

import asyncio
import os
import secrets
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, Self

from illico import folder, ports, up, variables
from illico.demo import Login
from illico.ground import Wishes
from illico.settings import PREFIX, environment
from illico.up import Order, Running
from queueing.client import QueueClient
from queueing.model import ServerId

BACK_SECONDS: Final = 20.0
POLL_SECONDS: Final = 0.02
UDP_PORTS: Final = 400  # for all relays of one platform
LOWEST_UDP_PORT, HIGHEST_UDP_PORT = 10_000, 32_000  # below the system's own choices


@dataclass(slots=True)
class Platform:
    """What runs, and how to reach, disturb and watch it.

    Processes are named as in the logs: `valkey`, `queueing`, `relay-1`, `ledger`,
    `signaling-1`, `signaling-2`; the address of `signaling-2` is `url(2)`.
    """

    running: Running
    folder: Path
    said: list[str] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def start(
        cls,
        data: Path,
        *,
        signaling: int = 1,
        relays: int = 1,
        server: Literal["valkey", "redis"] = "valkey",
        durations: Mapping[str, float] | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Self]:
        """Start a platform on free ports; it has ended when the block is left.

        Args:
            data: its data folder; made, or used again with what is in it.
            signaling: how many signaling processes.
            relays: how many relays.
            server: our own Valkey, or the `redis-server` of this machine.
            durations: seconds by the names of `queueing.model.Durations`.
            settings: further variables, as {"ILLICO_EYE_WORKERS": "0"}.

        Raises:
            IllicoError: it did not start.
        """
        said: list[str] = []
        order = Order(
            settings=variables.check(own := _environment(data, durations, settings)),
            wishes=_wishes(signaling, relays),
            environment=own,
            tell=said.append,
            server=_redis() if server == "redis" else None,
        )
        place = folder.prepare(data)
        with folder.locked(place):
            async with up.platform(place, order) as running:
                yield cls(running, place.path, said)

    def url(self, number: int = 1) -> str:
        """Tell where a signaling process serves its pages."""
        return self.running.ground.urls[number - 1]

    @property
    def portal_url(self) -> str:
        return self.running.ground.portal_url

    @property
    def redis_url(self) -> str:
        return self.running.ground.redis_url

    @property
    def database_url(self) -> str:
        return self.running.ground.database_url

    @property
    def accounts(self) -> dict[str, Login]:
        """The demo's people by their logins."""
        return {each.login: each for each in self.running.logins}

    def queue(
        self,
        server: str | None = None,
    ) -> AbstractAsyncContextManager[QueueClient]:
        """Open the queue beside the platform's own processes."""
        named = None if server is None else ServerId(server)
        return QueueClient.open(self.redis_url, server=named)

    def pid(self, name: str) -> int | None:
        """Tell the number of a process; None while it is not there."""
        return self.running.fleet[name].pid

    def log(self, name: str) -> str:
        """Read what a process has logged so far."""
        return self.running.fleet[name].log.read_text(encoding="utf-8")

    def kill(self, name: str, *, again: bool = True) -> None:
        """Kill a process at once; it is started again unless told otherwise."""
        if not again:
            self.running.fleet.give_up(name)
        self.running.fleet[name].signal(signal.SIGKILL)

    def freeze(self, name: str) -> None:
        """Stop a process where it stands, as a machine without a network would be."""
        self._send(name, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        self._send(name, signal.SIGCONT)

    async def back(self, name: str, *, than: int | None = None) -> None:
        """Wait until a process serves, as another one than that number.

        Raises:
            TimeoutError: it does not within 20 s.
        """
        child = self.running.fleet[name]
        await _until(lambda: child.is_serving and child.pid != than)

    async def gone(self, name: str) -> None:
        """Wait until a process has ended.

        Raises:
            TimeoutError: it does not within 20 s.
        """
        await _until(lambda: self.pid(name) is None)

    def _send(self, name: str, number: signal.Signals) -> None:
        pid = self.pid(name)
        assert pid is not None, f"{name} is not there"
        os.kill(pid, number)


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(BACK_SECONDS):
        while not holds():  # noqa: ASYNC110 - other processes set no event of ours
            await asyncio.sleep(POLL_SECONDS)


def _environment(
    data: Path,
    durations: Mapping[str, float] | None,
    settings: Mapping[str, str] | None,
) -> dict[str, str]:
    """Take this process's environment without what it says about other platforms."""
    inherited = {k: v for k, v in environment().items() if not k.startswith(PREFIX)}
    lasting = {
        f"{PREFIX}{name.upper()}_SECONDS": str(seconds)
        for name, seconds in (durations or {}).items()
    }
    low = LOWEST_UDP_PORT + UDP_PORTS * secrets.randbelow(
        (HIGHEST_UDP_PORT - LOWEST_UDP_PORT) // UDP_PORTS,
    )
    own = {
        "ILLICO_DATA_DIR": str(data),
        "ILLICO_RELAY_UDP_PORTS": f"{low}-{low + UDP_PORTS - 1}",
    }
    return {**inherited, **own, **lasting, **(settings or {})}


def _wishes(signaling: int, relays: int) -> Wishes:
    return Wishes(
        signaling=signaling,
        relays=relays,
        port=ports.any_free("127.0.0.1"),
        portal_port=ports.any_free("127.0.0.1"),
        is_demo=True,
    )


def _redis() -> Path:
    found = shutil.which("redis-server")
    if found is None:
        raise FileNotFoundError("redis-server: `make browsers` installs it")
    return Path(found)
