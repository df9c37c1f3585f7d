"""The part of the door that agents come in by."""

from typing import Final

from queueing.asking import Asking, valid_id
from queueing.errors import InvalidTransitionError
from queueing.model import (
    AgentId,
    AgentState,
    AgentView,
    CallId,
    CallView,
    RequestId,
)
from queueing.views import read_agent, read_call

_FORCED: Final = frozenset({AgentState.AWAY, AgentState.OFFLINE})


class Agents(Asking):
    """What an agent does, from signing in to leaving."""

    async def agent_connected(
        self, *, agent: AgentId, connection: str, request: RequestId
    ) -> AgentView:
        """An agent opened a console: offline becomes away, lost what it was before.

        Raises:
            UnknownAgentError: the directory does not list this agent.
        """
        return read_agent(
            await self._transition(
                "agent_connected",
                request,
                valid_id(agent),
                self._own_server(),
                valid_id(connection),
            )
        )

    async def agent_ready(self, *, agent: AgentId, request: RequestId) -> AgentView:
        """The agent takes calls from now on; ends a wrap-up, a break or a rest early.

        While connecting or in a call, it takes back the wish for a break.

        Raises:
            InvalidTransitionError: offline, lost, ringing, or in a call without a wish.
            CoolingDownError: the rest after the last call lasts (`cool_until`).
        """
        return read_agent(
            await self._transition("agent_ready", request, valid_id(agent))
        )

    async def agent_away(self, *, agent: AgentId, request: RequestId) -> AgentView:
        """The agent takes no calls for now; a ringing one is refused.

        Raises:
            InvalidTransitionError: offline, lost or in a call.
        """
        return read_agent(
            await self._transition("agent_away", request, valid_id(agent))
        )

    async def agent_break(self, *, agent: AgentId, request: RequestId) -> AgentView:
        """The agent has a break, which nothing but the agent ends.

        A ringing call is refused. While connecting or in a call, it is a wish, taken
        after the wrap-up.

        Raises:
            InvalidTransitionError: offline or lost.
        """
        return read_agent(
            await self._transition("agent_break", request, valid_id(agent))
        )

    async def agent_forced(
        self, *, agent: AgentId, state: AgentState, by: str, request: RequestId
    ) -> AgentView:
        """Send an agent away or sign them out: a supervisor's act, in the ledger.

        A ringing call goes on to somebody else; signed out, so does a call in progress.

        Args:
            agent: whom.
            state: `AWAY` or `OFFLINE`.
            by: the supervisor's id.
            request: a second sending is harmless.

        Raises:
            IndependentAgentError: nobody but the agent changes this agent's state.
            InvalidTransitionError: another state, on a break, or away from a call.
        """
        if state not in _FORCED:
            raise InvalidTransitionError(f"nobody can be forced into {state}")
        return read_agent(
            await self._transition(
                "agent_forced", request, valid_id(agent), state, valid_id(by)
            )
        )

    async def agent_offline(self, *, agent: AgentId, request: RequestId) -> AgentView:
        """The agent signs out; a call goes back to the queue with its T0."""
        return read_agent(
            await self._transition("agent_offline", request, valid_id(agent))
        )

    async def agent_lost(
        self, *, agent: AgentId, connection: str, request: RequestId
    ) -> None:
        """The agent's connection is gone; no effect if it is not the newest one."""
        await self._transition(
            "agent_lost", request, valid_id(agent), valid_id(connection)
        )

    async def accept(
        self, *, agent: AgentId, call: CallId, token: int, request: RequestId
    ) -> CallView:
        """The agent takes the ringing call.

        Raises:
            StaleTokenError: this offer is over.
        """
        return read_call(
            await self._transition(
                "accept", request, valid_id(agent), valid_id(call), token
            )
        )

    async def refuse(
        self, *, agent: AgentId, call: CallId, token: int, request: RequestId
    ) -> None:
        """The agent passes the call on; it keeps its T0.

        Raises:
            StaleTokenError: this offer is over.
        """
        await self._transition(
            "refuse", request, valid_id(agent), valid_id(call), token
        )

    async def wrap_up_done(
        self, *, agent: AgentId, ready: bool, request: RequestId
    ) -> AgentView:
        """The agent has finished the notes, and is ready; or has the wished break, or
        is away.

        Raises:
            InvalidTransitionError: there is no wrap-up.
            CoolingDownError: ready, but the rest after the call lasts (`cool_until`).
        """
        return read_agent(
            await self._transition("wrap_up_done", request, valid_id(agent), int(ready))
        )
