"""When a caller's wait ends: what their page and the relay have shown of the agent."""

from typing import Final

from queueing.model import CallState, CallView, Evidence
from relay import messages as relay
from signaling import protocol
from signaling.connection import Connection
from signaling.events import DeliveredOverdue
from signaling.evidence import Seen
from signaling.participant import CALLER, Participant, agent_participant
from signaling.requests import request_id
from signaling.rooms import Rooms

DELIVERED_GRACE: Final = 2.0
"""Seconds that the page gets to report its first frame after its network took it."""


class CallerClock:
    """Stops one caller's clock, once for each agent who came (rules: T1)."""

    def __init__(
        self, connection: Connection, rooms: Rooms, person: Participant
    ) -> None:
        self._connection = connection
        self._rooms = rooms
        self._person = person
        self._seen = Seen()

    def start(self) -> None:
        """Begin with nothing: what was seen before was another agent's."""
        self._seen = Seen()

    async def page_saw(self, report: protocol.FirstFrame | protocol.TextShown) -> None:
        """Take the page's word on what it shows; only of this acceptance's agent."""
        call = self._person.their_call(report.call)
        if call.state is CallState.CONNECTING:
            self._seen.report = report
            await self.try_to_stop()

    def page_saw_nothing(self, report: protocol.BlankFrame) -> None:
        """Take the page's word that the agent's picture is blank."""
        self._person.their_call(report.call)
        self._seen.blank = True

    def hear(self, content: relay.Content) -> None:
        """Note that the agent has written words of their own."""
        if content.kind == "text" and content.role is relay.Role.AGENT:
            listens = self._person.listens_to(content.participant)
            self._seen.heard = self._seen.heard or listens

    async def key_frame(
        self, event: relay.KeyFrameForwarded | relay.KeyFrameDelivered
    ) -> None:
        """Note how far the agent's picture has come, on the relay's word."""
        if not self._is_of_agent(event):
            return
        if isinstance(event, relay.KeyFrameForwarded):
            self._seen.forwarded_at = self._seen.forwarded_at or event.at
            await self.try_to_stop()
        else:
            overdue = DeliveredOverdue(event.token)
            self._connection.post_later(DELIVERED_GRACE, overdue)

    async def delivered(self, overdue: DeliveredOverdue) -> None:
        """Believe the caller's network where the page has said nothing."""
        call = self._person.call
        if call is None or self._seen.blank or call.token != overdue.token:
            return
        if call.state is CallState.CONNECTING:
            await self._record(call, Evidence.DELIVERED, None)

    async def try_to_stop(self) -> None:
        """Stop the clock once the caller saw the agent."""
        call = self._person.call
        if call is None or call.state is not CallState.CONNECTING:
            return
        proof = self._seen.proof(call.mode)
        if proof is not None:
            await self._record(call, proof.evidence, proof.browser_ms)

    def _is_of_agent(
        self, event: relay.KeyFrameForwarded | relay.KeyFrameDelivered
    ) -> bool:
        """Tell whether a key frame is the present agent's, on its way to the caller."""
        call = self._person.call
        return (
            call is not None
            and call.agent is not None
            and event.token == call.token
            and (event.source, event.sink) == (agent_participant(call.agent), CALLER)
        )

    async def _record(
        self, call: CallView, evidence: Evidence, browser_ms: int | None
    ) -> None:
        if call.token is None:
            return
        await self._rooms.queue.answered(
            call=call.call,
            token=call.token,
            evidence=evidence,
            browser_ms=browser_ms,
            forwarded_at=self._seen.forwarded_at,
            request=request_id(call.call, call.token, "answered"),
        )
