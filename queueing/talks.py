"""The part of the door for a call between two people, and its end."""

from collections.abc import Mapping
from typing import Any

import msgspec

from queueing.asking import Asking, valid_id
from queueing.library import microseconds
from queueing.model import (
    CallId,
    CallView,
    CompanyId,
    Evidence,
    RequestId,
    ServiceId,
    Side,
)
from queueing.views import read_call


class Talks(Asking):
    """What happens to a call once somebody has it."""

    async def answered(
        self,
        *,
        call: CallId,
        token: int,
        evidence: Evidence,
        browser_ms: int | None,
        forwarded_at: float | None,
        request: RequestId,
    ) -> CallView:
        """The caller saw the agent: T1 is the moment the queue learns it.

        Args:
            call: which call.
            token: the accepted offer's.
            evidence: what shows it.
            browser_ms: the caller's own measure, press to first frame.
            forwarded_at: when the relay first forwarded a key frame of the agent.
            request: a second sending is harmless, and so is a second evidence.

        Raises:
            StaleTokenError: this agent does not have the call any more.
        """
        return read_call(
            await self._transition(
                "answered",
                request,
                valid_id(call),
                token,
                evidence,
                "" if browser_ms is None else browser_ms,
                "" if forwarded_at is None else microseconds(forwarded_at),
            )
        )

    async def media_failed(
        self, *, call: CallId, token: int, request: RequestId
    ) -> None:
        """No frame came after the accept: somebody else, or the end.

        Raises:
            StaleTokenError: this agent does not have the call any more.
            InvalidTransitionError: the call is answered already.
        """
        await self._transition("media_failed", request, valid_id(call), token)

    async def hang_up(
        self, *, call: CallId, by: Side, request: RequestId, difficult: bool = False
    ) -> CallView:
        """End a call. Before T1, a caller who hangs up has abandoned.

        Raises:
            InvalidTransitionError: an agent hangs up a call that nobody accepted.
        """
        return read_call(
            await self._transition(
                "hang_up", request, valid_id(call), by, int(difficult)
            )
        )

    async def note(
        self,
        *,
        kind: str,
        company: CompanyId,
        service: ServiceId,
        call: CallId | None,
        facts: Mapping[str, Any],
        request: RequestId,
    ) -> None:
        """Write a ledger event about something that is no transition."""
        await self._transition(
            "note",
            request,
            valid_id(kind),
            valid_id(company),
            valid_id(service),
            valid_id(call) if call else "",
            msgspec.json.encode(facts).decode(),
        )
