"""The part of the door for a call between two people, its relay and its end."""

from collections.abc import Mapping
from typing import Any

import msgspec

from queueing.asking import Asking, valid_id
from queueing.library import microseconds
from queueing.model import (
    AgentId,
    CallId,
    CallView,
    CompanyId,
    Evidence,
    RelayId,
    RequestId,
    ServiceId,
    Side,
    TopicId,
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

    async def move_call(
        self, *, call: CallId, away_from: RelayId, to: RelayId, request: RequestId
    ) -> CallView:
        """Let a call's pictures pass another relay; the call itself goes on as it is.

        Whoever comes first moves it: no effect if it is not on ``away_from`` any more,
        and the view says where it is. Both people's servers hear of it (`CallMoved`).

        Raises:
            UnknownCallError: there is no such call.
            EndedCallError: it is over.
        """
        return read_call(
            await self._transition(
                "move_call",
                request,
                valid_id(call),
                valid_id(away_from),
                valid_id(to),
            )
        )

    async def hang_up(
        self,
        *,
        call: CallId,
        by: Side,
        request: RequestId,
        agent: AgentId | None = None,
        token: int | None = None,
        difficult: bool = False,
    ) -> CallView:
        """End a call. Before T1, a caller who hangs up has abandoned.

        Args:
            call: the one to end.
            by: who hangs up.
            request: a second sending is harmless.
            agent: who, if an agent does.
            token: by which that agent has the call.
            difficult: the agent needs a longer rest after it.

        Raises:
            StaleTokenError: the call is not (any more) this agent's by this token.
            InvalidTransitionError: an agent hangs up a call that nobody accepted.
        """
        return read_call(
            await self._transition(
                "hang_up",
                request,
                valid_id(call),
                by,
                int(difficult),
                agent or "",
                token or "",
            )
        )

    async def transfer_to_service(
        self,
        *,
        agent: AgentId,
        call: CallId,
        token: int,
        service: ServiceId,
        topic: TopicId | None,
        request: RequestId,
    ) -> CallView:
        """Pass an answered call on to whoever serves this: a new leg with a new clock.

        The caller keeps the variant; the agent writes notes.

        Raises:
            StaleTokenError: this agent does not have the call.
            InvalidTransitionError: the call is not answered.
            UnknownServiceError: the directory has no such service.
            UnknownTopicError: the service has no such topic.
            UnknownVariantError: the service is not served in the caller's variant.
            OtherCompanyError: a call never leaves its company.
        """
        return read_call(
            await self._transition(
                "transfer_to_service",
                request,
                valid_id(agent),
                valid_id(call),
                token,
                service,
                topic or "",
            )
        )

    async def transfer_to_agent(
        self,
        *,
        agent: AgentId,
        call: CallId,
        token: int,
        to: AgentId,
        request: RequestId,
    ) -> CallView:
        """Pass an answered call on to a colleague: a new leg with a new clock.

        It waits for that one alone for the duration `only`, or until it has rung there.

        Raises:
            StaleTokenError: this agent does not have the call.
            InvalidTransitionError: the call is not answered.
            AgentUnavailableError: the colleague is not at work (ready, ringing, in a
                call or writing notes), or could not be offered this call.
        """
        return read_call(
            await self._transition(
                "transfer_to_agent",
                request,
                valid_id(agent),
                valid_id(call),
                token,
                valid_id(to),
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
