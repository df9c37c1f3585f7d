"""Whether each console's agent is still signed in, without any console waiting for it."""

import asyncio
from collections.abc import Callable
from typing import Final, Never

import structlog

from accounts.client import AccountsClient
from accounts.errors import FailedError
from accounts.model import Audience
from signaling.connection import Connection
from signaling.events import SessionOver

CHECK_EVERY: Final = 10.0
"""Seconds between two looks at everybody."""

log = structlog.get_logger(__name__)


class Sessions:
    """The sessions of this process's consoles; while SQL is away, all of them last."""

    def __init__(self, accounts: AccountsClient, clock: Callable[[], float]) -> None:
        self._accounts = accounts
        self._clock = clock
        self._tokens: dict[Connection, str] = {}

    def watch(self, connection: Connection, token: str) -> None:
        """Tell this console when its session is over."""
        self._tokens[connection] = token

    def forget(self, connection: Connection) -> None:
        """Watch it no more: its socket is gone, or it was told."""
        self._tokens.pop(connection, None)

    async def run(self) -> Never:
        """Look for ever; what fails is tried again."""
        while True:
            await asyncio.sleep(CHECK_EVERY)
            try:
                await self.look()
            except FailedError:
                pass  # SQL is away: calls go on, and nobody is signed out
            except Exception:
                log.exception("sessions not checked, tried again")

    async def look(self) -> None:
        """Look at everybody once.

        Raises:
            FailedError: SQL is away.
        """
        for connection, token in [*self._tokens.items()]:
            person = await self._accounts.person(
                token=token, audience=Audience.CONSOLE, now=self._clock()
            )
            if person is None:
                self.forget(connection)
                connection.post(SessionOver())
