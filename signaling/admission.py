"""How a caller comes into the queue: a new call inside the hours, or a ticket."""

import secrets

from accounts.model import Service
from queueing.errors import FailedError
from queueing.model import (
    AgentId,
    CallId,
    CallView,
    CompanyId,
    RelayId,
    ServiceId,
)
from signaling import protocol, regulars
from signaling.coming_back import as_caller, by_ticket, claims_of
from signaling.connection import Connection
from signaling.errors import UnavailableError, UnknownServiceError
from signaling.opening import Opening, opening
from signaling.requests import request_id
from signaling.rooms import Rooms
from signaling.tickets import sign, verify


class Admission:
    """Brings the caller of one connection into the queue."""

    def __init__(self, rooms: Rooms, connection: Connection) -> None:
        self._rooms = rooms
        self._connection = connection
        self._told_closed = False

    def service(self, slug: str) -> tuple[Service, Opening]:
        """Give a service, and whether it is open now.

        Raises:
            UnknownServiceError: no service has this address.

        """
        service = self._rooms.catalogue.service(slug)
        if service is None:
            raise UnknownServiceError
        return service, opening(service, self._rooms.clock())

    async def enqueue(self, asked: protocol.CallRequest, service: Service) -> CallView:
        """Put a new call into the queue; a call asked for before is taken up.

        Raises:
            queueing.errors.QueueError: see `QueueClient.enqueue`. That somebody was not
                queued because we failed is noted, for the ledger.
        """
        visit, asked_at = self._connection.name, self._rooms.clock()
        try:
            view = await self._enqueue(asked)
        except (FailedError, UnavailableError) as error:
            self._rooms.spool.refused(visit, service, error.code, asked_at)
            raise
        self._rooms.spool.queued(visit, view.call)
        return view

    async def _enqueue(self, asked: protocol.CallRequest) -> CallView:
        call = CallId(secrets.token_hex(16))
        self._rooms.switchboard.expect(call, self._connection)
        view = await self._rooms.queue.enqueue(
            call=call,
            service=asked.service,
            topic=asked.topic,
            mode=asked.mode,
            variant=asked.variant,
            prefer=self._regular(asked),
            relay=RelayId(self._rooms.place_call()),
            connection=self._connection.name,
            request=request_id("enqueue", asked.request),
        )
        if view.connection == self._connection.name:
            return view
        return await self.take_up(view.call, asked.request)  # asked on a lost socket

    async def resume(self, asked: protocol.Resume) -> CallView:
        """Take a call up again with its ticket.

        Raises:
            BadTicketError: forged, expired, or no ticket of this platform.

        """
        claims = verify(
            asked.ticket,
            secret=self._rooms.settings.ticket_secret,
            now=self._rooms.clock(),
        )
        self._rooms.switchboard.expect(CallId(claims.call), self._connection)
        return await by_ticket(
            self._rooms,
            claims,
            connection=self._connection.name,
            request=request_id("resume", self._connection.name, asked.request),
            comes=not asked.away,
        )

    async def take_up(self, call: CallId, request: str) -> CallView:
        """Be the newest connection of a live call, with its caller there."""
        self._rooms.switchboard.expect(call, self._connection)
        return await self._rooms.queue.resume(
            call=call,
            connection=self._connection.name,
            request=request_id("resume", self._connection.name, request),
        )

    async def present(self, call: CallView) -> CallView:
        """Show a queue that may have forgotten it this caller, or their page alone."""
        return await as_caller(self._rooms, call, connection=self._connection.name)

    def ticket(self, view: CallView) -> str:
        """Sign the ticket that brings this call's caller back."""
        return sign(claims_of(view), secret=self._rooms.settings.ticket_secret)

    async def note_closed(self, service: Service, request: str) -> None:
        """List that somebody called outside the hours, once a page: no clock runs."""
        if self._told_closed:
            return
        self._told_closed = True
        await self._rooms.queue.note(
            kind="call_closed",
            company=CompanyId(service.company),
            service=ServiceId(service.id),
            call=None,
            facts={},
            request=request_id("closed", request),
        )

    def _regular(self, asked: protocol.CallRequest) -> AgentId | None:
        if asked.again is None:
            return None
        return regulars.agent_of(
            asked.again,
            service=asked.service,
            secret=self._rooms.settings.ticket_secret,
            now=self._rooms.clock(),
        )
