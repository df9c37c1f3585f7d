"""Connections to the queue's server; behind Sentinels, always to the present master.

A pool that trusts its connections keeps talking to a master that was deposed. Here each
connection, before it is used, looks whether the master that it was made for is still the
one that was named last, and a new connection asks all Sentinels at once and believes the
newest configuration: one Sentinel alone may be cut off and name the old one.
"""

import asyncio
from contextlib import suppress
from typing import Any, Final, cast

from redis.asyncio import (
    BlockingConnectionPool,
    Connection,
    Redis,
    SSLConnection,
)
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from queueing.urls import Address, Direct, Place, ThroughSentinels

CONNECTIONS: Final = 16
"""Commands in flight at once; others wait for their turn."""

URGENT: Final = 2
"""Those that stand behind nobody: without its heartbeat a server loses all its people."""

CONNECT_SECONDS: Final = 2.0
SENTINEL_SECONDS: Final = 0.5
"""How long one Sentinel may take to name the master."""


FRESH_SECONDS: Final = 1.0
"""How long the Sentinels' word is believed. A deposed master answers whoever only reads
for some 8 s more, until the Sentinels make a replica of it: with what was true before."""


_DOWN: Final = {"s_down", "o_down"}
"""What Sentinels call a master that does not answer one of them, or most of them."""


class Finder:
    """Knows who the master is, as the Sentinels said last."""

    def __init__(self, place: ThroughSentinels) -> None:
        self._place = place
        self.present: Address | None = None
        self._asked = float("-inf")

    async def look(self) -> None:
        """Ask again when the last word is old; without an answer, that one holds."""
        if asyncio.get_running_loop().time() - self._asked > FRESH_SECONDS:
            with suppress(RedisConnectionError):
                await self.master()

    async def master(self) -> Address:
        """Ask all Sentinels who the master is.

        Raises:
            redis.exceptions.ConnectionError: none knows one that is up.
        """
        self._asked = asyncio.get_running_loop().time()
        answers = await asyncio.gather(
            *(self._ask(each) for each in self._place.sentinels)
        )
        known = [answer for answer in answers if answer is not None]
        if not known:
            raise RedisConnectionError(f"no Sentinel knows {self._place.master!r}")
        _, is_up, address = max(known)
        if not is_up:
            raise RedisConnectionError(f"{self._place.master!r} is down")
        self.present = address
        return address

    async def _ask(self, sentinel: Address) -> tuple[int, bool, Address] | None:
        """Ask one Sentinel: epoch, whether the master is up, where it is.

        A client with its pool says farewell in tasks, which a cancellation ends before
        they begin; one connection is closed here and now.
        """
        connection = self._connection_to(sentinel)
        try:
            async with asyncio.timeout(SENTINEL_SECONDS):
                await connection.connect()  # type: ignore[no-untyped-call]
                await connection.send_command("SENTINEL", "MASTER", self._place.master)
                told = iter(await connection.read_response())
        except (RedisError, OSError, TimeoutError):
            return None
        finally:
            await connection.disconnect(nowait=True)
        facts = cast("dict[str, str]", dict(zip(told, told, strict=True)))
        is_up = _DOWN.isdisjoint(facts["flags"].split(","))
        return int(facts["config-epoch"]), is_up, (facts["ip"], int(facts["port"]))

    def _connection_to(self, sentinel: Address) -> Connection:
        place, (host, port) = self._place, sentinel
        return (SSLConnection if place.is_encrypted else Connection)(
            host=host,
            port=port,
            username=place.sentinel_username,
            password=place.sentinel_password,
            decode_responses=True,
            socket_timeout=None,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )


class MasterConnection(Connection):
    """A connection to whoever is the master when it is made."""

    def __init__(self, *, finder: Finder, **kwargs: Any) -> None:
        self._finder = finder
        super().__init__(**kwargs)

    async def connect(self) -> None:
        """Connect, and anew when another master has been named since."""
        if self.is_connected:
            await self._finder.look()
        if self.is_connected and self._finder.present != (self.host, self.port):
            await self.disconnect()
        await super().connect()  # type: ignore[no-untyped-call]

    async def _connect(self) -> None:
        self.host, self.port = await self._finder.master()
        await super()._connect()  # type: ignore[no-untyped-call]

    async def on_connect_check_health(self, check_health: bool = True) -> None:  # noqa: FBT001, FBT002  redis-py's name for it
        """Shake hands, and be sure that it is a master (it may have just lost that)."""
        await super().on_connect_check_health(check_health=check_health)
        await self.send_command("ROLE", check_health=False)
        role = await self.read_response()
        if role[0] not in {"master", b"master"}:
            raise RedisConnectionError("the server that was named is no master")


class EncryptedMasterConnection(MasterConnection, SSLConnection):
    """The same, over TLS."""


def client(place: Place, finder: Finder | None) -> Redis:
    """Make a client of the server; nothing is connected yet."""
    common: dict[str, Any] = {
        "decode_responses": True,
        "max_connections": CONNECTIONS + URGENT,
        "timeout": 10.0,
        "socket_timeout": None,
        "socket_connect_timeout": CONNECT_SECONDS,
        "health_check_interval": 15,
        "retry": Retry(NoBackoff(), 0),
        "protocol": 2,
    }
    if isinstance(place, Direct):
        return Redis.from_pool(BlockingConnectionPool.from_url(place.url, **common))
    kind = EncryptedMasterConnection if place.is_encrypted else MasterConnection
    pool = BlockingConnectionPool(
        connection_class=kind,
        finder=finder,
        db=place.database,
        username=place.username,
        password=place.password,
        **common,
    )
    return Redis.from_pool(pool)
