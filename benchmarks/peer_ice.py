"""ICE as a browser does it over one socket (RFC 8445); no socket and no clock here."""

import secrets
from collections.abc import Callable, Iterable
from typing import Final

from aioice import stun

Address = tuple[str, int]

PRIORITY: Final = 126 << 24 | 0xFFFF << 8 | 255
CHECK_EVERY: Final = 0.05
CONSENT_EVERY: Final = 2.5
MAX_CHECKS: Final = 64
"""Checks whose answer is waited for; the oldest goes."""


class Checks:
    """One side's checks: the controlling side nominates, the other is nominated."""

    def __init__(
        self, send: Callable[[bytes, Address], None], *, controlling: bool
    ) -> None:
        self.username: Final = secrets.token_hex(4)
        self.password: Final = secrets.token_hex(12)
        self.controlling = controlling
        self.selected: Address | None = None
        self.confirmed_at = -1.0
        self._send = send
        self._tie_breaker = secrets.randbits(64)
        self._theirs = ("", "")
        self._candidates: list[Address] = []
        self._asked: dict[bytes, tuple[Address, bool]] = {}
        self._next = 0.0
        self._nominated = False

    def meet(self, username: str, password: str, candidates: Iterable[Address]) -> None:
        """Learn who is on the other side; from now on `tick` asks."""
        self._theirs = (username, password)
        self._candidates = list(candidates)

    def tick(self, now: float) -> None:
        """Send what is due; call it some twenty times a second."""
        if not self._theirs[0] or now < self._next:
            return
        if self.selected is None:
            self._next = now + CHECK_EVERY
            for address in self._candidates:
                self._ask(address)
            return
        settled = self._nominated or not self.controlling
        self._next = now + (CONSENT_EVERY if settled else CHECK_EVERY)
        self._ask(self.selected, nominate=self.controlling and not self._nominated)

    def take(self, data: bytes, source: Address, now: float) -> None:
        """Take a STUN message; what is malformed or not signed is nothing."""
        try:
            message = stun.parse_message(data)
        except Exception:  # noqa: BLE001 - aioice raises whatever hostile bytes make it
            return
        if message.message_class is stun.Class.REQUEST:
            self._answer(message, source)
        elif message.message_class is stun.Class.RESPONSE:
            self._hear(message, source, now)

    def _ask(self, address: Address, *, nominate: bool = False) -> None:
        role = "ICE-CONTROLLING" if self.controlling else "ICE-CONTROLLED"
        request = stun.Message(
            stun.Method.BINDING,
            stun.Class.REQUEST,
            attributes={
                "USERNAME": f"{self._theirs[0]}:{self.username}",
                "PRIORITY": PRIORITY,
                role: self._tie_breaker,
                **({"USE-CANDIDATE": None} if nominate else {}),
            },
        )
        request.add_message_integrity(self._theirs[1].encode())
        self._asked[request.transaction_id] = (address, nominate)
        if len(self._asked) > MAX_CHECKS:
            del self._asked[next(iter(self._asked))]
        self._send(bytes(request), address)

    def _answer(self, request: stun.Message, source: Address) -> None:
        if not request.check_message_integrity(self.password.encode()):
            return
        response = stun.Message(
            stun.Method.BINDING,
            stun.Class.RESPONSE,
            request.transaction_id,
            {"XOR-MAPPED-ADDRESS": source},
        )
        response.add_message_integrity(self.password.encode())
        self._send(bytes(response), source)
        if source not in self._candidates:
            self._candidates.append(source)
        if not self.controlling and "USE-CANDIDATE" in request.attributes:
            self.selected = source

    def _hear(self, response: stun.Message, source: Address, now: float) -> None:
        asked = self._asked.pop(response.transaction_id, None)
        if asked is None or not response.check_message_integrity(
            self._theirs[1].encode()
        ):
            return
        self.confirmed_at = now
        if self.controlling and self.selected is None:
            self.selected = source
            self._next = now
        self._nominated = self._nominated or asked[1]
