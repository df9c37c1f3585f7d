"""How the door's parts ask the function library: ids checked, one request at a time."""

import re

from queueing.errors import BadIdError, NoServerError
from queueing.model import RequestId, ServerId
from queueing.store import Store
from queueing.views import UNCONFIRMED

_ID = re.compile(r"[A-Za-z0-9_.:@-]{1,64}")


class Asking:
    """A pool's store, and the server in whose name is asked."""

    def __init__(self, store: Store, server: ServerId | None) -> None:
        self._store = store
        self._server = server

    async def _transition(
        self, name: str, request: RequestId, *args: str | int
    ) -> list[str]:
        reply, is_confirmed = await self._store.transition(
            name, valid_id(request), *args
        )
        return reply if is_confirmed else [*reply, UNCONFIRMED]

    def _own_server(self) -> ServerId:
        if self._server is None:
            raise NoServerError("this client was opened without a server id")
        return self._server


def valid_id(first: str, *others: str) -> str:
    """Give the first id back, after checking all: they become parts of keys.

    Raises:
        BadIdError: one is empty, too long or has other characters.
    """
    for each in (first, *others):
        if not _ID.fullmatch(each):
            raise BadIdError(f"{each[:80]!r} is no id")
    return first
