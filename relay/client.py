"""The relay's door for other rooms: commands, and events in their order."""

import ssl
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from relay import messages
from relay.background import background
from relay.errors import BadSdpError, FailedError
from relay.grants import Grant, write_grant
from relay.line import Line
from relay.messages import LegFigures, Role
from relay.model import CallId, ParticipantId


class RelayClient(Line):
    """One relay, seen from one signaling process; the channel reconnects by itself."""

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        relay: str,
        address: str,
        secret: str,
        *,
        server: str,
        authority: Path | None = None,
    ) -> AsyncIterator["RelayClient"]:
        """Keep a channel to one relay for as long as the block lasts.

        ``address`` is ``unix:/path``, ``tcp://host:port`` or ``tls://host:port``, where
        ``authority`` (PEM, or else the system's) must have signed the relay's
        certificate; ``server`` names this process. The relay need not be there yet:
        `load` stays None until it is.
        """
        is_tls = address.startswith("tls:")
        trust = ssl.create_default_context(cafile=authority) if is_tls else None
        client = cls(relay, address, secret, server, trust)
        async with background(client.keep()):
            yield client

    async def open_leg(
        self,
        *,
        call: str,
        participant: str,
        role: Role,
        leg: str,
        token: int,
        sdp: str,
        eye: bool,
        grant: str | None = None,
    ) -> str:
        """Give a browser's offer to the relay and get the answer.

        The same ``leg`` renegotiates; a new one replaces the participant's leg. Who is
        to watch unseen needs a `grant`.

        Raises:
            RefusedError: `bad_sdp`, `no_video`, `no_grant`, `bad_grant`, `stale_token`, `full`, `draining`, ….
            FailedError: the relay is out of reach, or broke.

        """
        if len(sdp) > messages.MAX_SDP_CHARACTERS:
            raise BadSdpError("the offer is too long")
        reply = await self.ask(
            messages.OpenLeg(
                call=call,
                participant=participant,
                role=role,
                leg=leg,
                token=token,
                sdp=sdp,
                eye=eye,
                grant=grant,
            )
        )
        if not isinstance(reply, messages.Answered):
            raise FailedError("an offer was not answered")
        return reply.sdp

    async def route(
        self, *, call: str, token: int, routes: Sequence[tuple[str, str]]
    ) -> None:
        """Say who sees whom: the whole set of (source, sink) for the call.

        Raises:
            StaleTokenError: a newer token rules the call.
            FailedError: the relay is out of reach.

        """
        await self.ask(messages.Route(call=call, token=token, routes=tuple(routes)))

    async def pace(self, *, call: str, participant: str, max_kbps: int) -> None:
        """Cap what a participant's browser sends, in kbit/s.

        Raises:
            UnknownParticipantError: the relay knows no such participant.
            FailedError: the relay is out of reach.

        """
        await self.ask(
            messages.Pace(call=call, participant=participant, max_kbps=max_kbps)
        )

    async def watch(self, *, call: str, participant: str, yes: bool) -> None:
        """Let the eye look at a participant, or not.

        Raises:
            UnknownParticipantError: the relay knows no such participant.
            FailedError: the relay is out of reach.

        """
        await self.ask(messages.Watch(call=call, participant=participant, yes=yes))

    async def pause(self, *, call: str, participant: str, yes: bool) -> None:
        """Show a hold picture for a participant and let nobody hear them, or end that.

        Raises:
            UnknownParticipantError: the relay knows no such participant.
            FailedError: the relay is out of reach.

        """
        await self.ask(messages.Pause(call=call, participant=participant, yes=yes))

    async def key_frame(self, *, call: str, participant: str) -> None:
        """Ask a participant's browser for a key frame.

        Raises:
            UnknownParticipantError: the relay knows no such participant.
            FailedError: the relay is out of reach.

        """
        await self.ask(messages.KeyFrame(call=call, participant=participant))

    async def content(
        self, *, call: str, participant: str, kind: str, body: str
    ) -> None:
        """Hand words, a gesture or a presence to the call's other participants.

        Raises:
            UnknownParticipantError: the relay knows no such participant.
            FailedError: the relay is out of reach.

        """
        await self.ask(
            messages.Say(call=call, participant=participant, kind=kind, body=body)
        )

    async def claim(
        self,
        *,
        call: str,
        participant: str,
        role: Role | None = None,
        grant: str | None = None,
    ) -> None:
        """Speak for a participant from now on, with or without a leg.

        The relay then tells how the legs are. ``role`` may be left out where the id
        begins with it; another one than before holds from now on, over the same leg.

        Raises:
            UnknownParticipantError: somebody new without a role.
            BadGrantError: the grant is not genuine, not for them, or over.
            FailedError: the relay is out of reach.

        """
        await self.ask(
            messages.Claim(call=call, participant=participant, role=role, grant=grant)
        )

    def grant(
        self, *, call: str, observer: str, told: Iterable[str], until: float
    ) -> str:
        """Write the grant of somebody who may watch unseen, until that time of day.

        For who has shown ``told``, both sides and everybody else who talks, the notice.
        """
        names = frozenset(ParticipantId(name) for name in told)
        facts = Grant(CallId(call), ParticipantId(observer), names, until)
        return write_grant(facts, self._secret)

    async def revoke(self, *, call: str, participant: str) -> None:
        """Let somebody watch unseen no longer.

        Raises:
            UnknownParticipantError: the relay knows no such participant.
            FailedError: the relay is out of reach.

        """
        await self.ask(messages.Revoke(call=call, participant=participant))

    async def stats(self, *, call: str) -> tuple[LegFigures, ...]:
        """Tell how everybody's leg in a call fares; nothing of a call that is not here.

        Raises:
            FailedError: the relay is out of reach.

        """
        reply = await self.ask(messages.Stats(call=call))
        if not isinstance(reply, messages.Figures):
            raise FailedError("a question was not answered")
        return reply.legs

    async def close_leg(self, *, call: str, participant: str) -> None:
        """Let a participant leave the call.

        Raises:
            FailedError: the relay is out of reach.

        """
        await self.ask(messages.CloseLeg(call=call, participant=participant))

    async def close_call(self, *, call: str, token: int) -> None:
        """End a call for everybody.

        Raises:
            StaleTokenError: a newer token rules the call.
            FailedError: the relay is out of reach.

        """
        await self.ask(messages.CloseCall(call=call, token=token))
