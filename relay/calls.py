"""Who is in which call, who speaks for whom, and whose pictures go where.

Rules only: no socket, no clock. Illegal acts raise and change nothing.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from relay.errors import NoGrantError, StaleTokenError, UnknownParticipantError
from relay.grants import Grant, allows
from relay.messages import KeyFrameDelivered, KeyFrameForwarded, Role
from relay.model import OBSERVERS, CallId, LegId, ParticipantId, ServerId, role_of

CLAIM_GRACE: Final = 30.0
"""Seconds after which a participant whom nobody speaks for has left."""

EMPTY_GRACE: Final = 60.0
"""Seconds after which a call without participants is forgotten."""

QUIET_GRACE: Final = 3600.0
"""Seconds after which a call with neither legs nor commands is forgotten, claimed or not:
its process has forgotten to close it."""

Evidence = KeyFrameForwarded | KeyFrameDelivered
Pair = tuple[ParticipantId, ParticipantId]


@dataclass(slots=True)
class Participant:
    """One person in one call. ``server`` is who speaks for them, if anybody does."""

    id: ParticipantId
    role: Role
    server: ServerId | None
    alone_since: float | None = None
    leg: LegId | None = None
    eye: bool = False
    pace_kbps: int | None = None
    paused: bool = False
    grant: Grant | None = None

    @property
    def is_hidden(self) -> bool:
        """Tell whether the others do not know that this one is here."""
        return self.role in OBSERVERS


@dataclass(slots=True)
class Call:
    """One call: its newest token, its routes in their order, its participants."""

    id: CallId
    token: int = 0
    routes: tuple[Pair, ...] = ()
    participants: dict[ParticipantId, Participant] = field(default_factory=dict)
    evidence: dict[tuple[Pair, type], Evidence] = field(default_factory=dict)
    empty_since: float | None = None
    quiet_since: float | None = None

    def rise(self, token: int) -> None:
        """Let a newer token rule; what an older one allowed and proved is void."""
        if token > self.token:
            self.token = token
            self.routes = ()
            self.evidence.clear()

    def note(self, evidence: Evidence) -> None:
        """Keep the first evidence of each kind for each pair, if its token rules."""
        if evidence.token == self.token:
            pair = ParticipantId(evidence.source), ParticipantId(evidence.sink)
            self.evidence.setdefault((pair, type(evidence)), evidence)

    def evidence_of(self, participant: ParticipantId) -> list[Evidence]:
        """List what the ruling token has shown of a participant's pictures."""
        return [
            e
            for (pair, _), e in self.evidence.items()
            if participant == pair[1]
            or (participant == pair[0] and not self.hides(pair[1]))
        ]

    def hides(self, participant: str) -> bool:
        """Tell whether a participant watches unseen."""
        found = self.participants.get(ParticipantId(participant))
        return found is not None and found.is_hidden

    def lets_follow(self, who: ParticipantId, now: float, *also: ParticipantId) -> bool:
        """Say whether somebody may see and read this call; ``now`` as grants count it.

        Who watches unseen may while everybody who talks in it was told, ``also`` those.
        """
        found = self.participants.get(who)
        if found is None or not found.is_hidden:
            return True
        talking = {p.id for p in self.participants.values() if not p.is_hidden}
        return allows(found.grant, talking.union(also), now)

    def is_talking(self, who: ParticipantId) -> bool:
        """Tell whether somebody sees this participant and is seen by them."""
        return any(
            (other, who) in self.routes
            for source, other in self.routes
            if source == who
        )

    def sources_of(self, sink: ParticipantId, now: float) -> list[ParticipantId]:
        """List whose pictures a participant gets now, in the order of the routes."""
        return [
            source
            for source, to in self.routes
            if to == sink
            and not self.hides(source)
            and self.lets_follow(sink, now, source)
        ]

    def servers_of(self, *participants: str) -> set[ServerId]:
        """List who speaks for these participants."""
        found = (self.participants.get(ParticipantId(p)) for p in participants)
        return {p.server for p in found if p is not None and p.server is not None}

    def audience_of(self, speaker: ParticipantId, now: float) -> set[ServerId]:
        """List who speaks for everybody else who may follow."""
        others = [p for p in self.participants if p != speaker]
        return self.servers_of(*(p for p in others if self.lets_follow(p, now)))


class Calls:
    """Every call of this relay."""

    def __init__(self) -> None:
        self._calls: dict[CallId, Call] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._calls.values()))

    def get(self, call: CallId) -> Call | None:
        """Give a call, if it is here."""
        return self._calls.get(call)

    def participant(self, call: CallId, participant: ParticipantId) -> Participant:
        """Give a participant whom a command is about.

        Raises:
            UnknownParticipantError: there is none of that name in that call.

        """
        found = self._calls.get(call)
        if found is None or participant not in found.participants:
            raise UnknownParticipantError(f"{participant} is not in call {call}")
        found.quiet_since = None
        return found.participants[participant]

    def enter(
        self,
        call: CallId,
        participant: ParticipantId,
        role: Role | None,
        server: ServerId,
        *,
        token: int | None = None,
        grant: Grant | None = None,
    ) -> Participant:
        """Let a server speak for a participant, who enters if not there yet.

        A newer token takes the routes away: while it only rings, nothing flows. The role
        may be another than before; a grant replaces the one before.

        Raises:
            StaleTokenError: a newer token rules the call.
            UnknownParticipantError: somebody new without a role.

        """
        self.check(call, token)
        known = self._calls.get(call)
        person = known.participants.get(participant) if known is not None else None
        role = role or (person.role if person is not None else role_of(participant))
        if role is None:
            raise UnknownParticipantError(f"{participant} has no role")
        entered = self._at(call)
        entered.rise(token or 0)
        entered.empty_since = None
        if person is None:
            person = Participant(participant, role, server)
            entered.participants[participant] = person
        person.role, person.server, person.alone_since = role, server, None
        person.grant = grant or person.grant
        return person

    def route(
        self, call: CallId, token: int, pairs: Sequence[Pair], now: float
    ) -> Call:
        """Set all routes of a call.

        Raises:
            StaleTokenError: a newer token rules the call.

        """
        self.check(call, token)
        routed = self._at(call)
        if not routed.participants and routed.empty_since is None:
            routed.empty_since = now
        routed.rise(token)
        routed.routes = tuple(dict.fromkeys(p for p in pairs if p[0] != p[1]))
        return routed

    def check(self, call: CallId, token: int | None) -> None:
        """Compare a token with the newest of its call.

        Raises:
            StaleTokenError: a newer one rules.

        """
        known = self._calls.get(call)
        if token is not None and known is not None and token < known.token:
            raise StaleTokenError(f"token {known.token} rules call {call}")

    def check_hidden(
        self, call: CallId, who: ParticipantId, grant: Grant | None, now: float
    ) -> None:
        """See that somebody who is to watch a call unseen has a grant that lives.

        Raises:
            NoGrantError: they have none.

        """
        known = self._calls.get(call)
        person = known.participants.get(who) if known is not None else None
        held = grant or (person.grant if person is not None else None)
        if not allows(held, (), now):
            raise NoGrantError(f"{who} has no grant to watch call {call}")

    def lapsed(self, now: float) -> list[CallId]:
        """Take away the grants that have ended; gives the calls concerned."""
        over = [
            (call.id, person)
            for call in self._calls.values()
            for person in call.participants.values()
            if person.grant is not None and not allows(person.grant, (), now)
        ]
        for _, person in over:
            person.grant = None
        return list({call: None for call, _ in over})

    def leave(self, call: CallId, participant: ParticipantId, now: float) -> None:
        """Let a participant go; their routes stay, for they may come back."""
        known = self._calls.get(call)
        if known is None:
            return
        known.participants.pop(participant, None)
        if not known.participants:
            known.empty_since = now

    def end(self, call: CallId) -> None:
        """Forget a call."""
        self._calls.pop(call, None)

    def server_lost(self, server: ServerId, now: float) -> None:
        """Note that a server speaks for nobody any more."""
        for call in self._calls.values():
            for person in call.participants.values():
                if person.server == server:
                    person.server, person.alone_since = None, now

    def overdue(self, now: float) -> list[tuple[CallId, ParticipantId]]:
        """List whom nobody has claimed in time."""
        return [
            (call.id, person.id)
            for call in self._calls.values()
            for person in call.participants.values()
            if _is_past(person.alone_since, CLAIM_GRACE, now)
        ]

    def forget(self, now: float, with_legs: Collection[CallId]) -> list[CallId]:
        """Forget calls without legs that are long empty or quiet; gives which.

        Called every second or so: silence is counted from call to call.
        """
        over = []
        for call in self._calls.values():
            if call.id in with_legs:
                call.quiet_since = None
                continue
            if call.quiet_since is None:
                call.quiet_since = now
            quiet = _is_past(call.quiet_since, QUIET_GRACE, now)
            if quiet or _is_past(call.empty_since, EMPTY_GRACE, now):
                over.append(call.id)
        for gone in over:
            self.end(gone)
        return over

    def _at(self, call: CallId) -> Call:
        """Give the call that a command is about, which begins if need be."""
        if call not in self._calls:
            self._calls[call] = Call(call)
        self._calls[call].quiet_since = None
        return self._calls[call]


def _is_past(since: float | None, grace: float, now: float) -> bool:
    return since is not None and now - since > grace
