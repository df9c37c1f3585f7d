"""Plays a day with the real queue: the real functions, on a clock that the day moves."""

from dataclasses import dataclass
from typing import Any, Final

import redis

from benchmarks.day import Coming, Day, Match
from benchmarks.queue_load import SERVER, Load, Words, words
from benchmarks.queue_load import Match as Ringing
from queueing.library import assemble, microseconds, seconds
from queueing.messages import LedgerEntry, Offered, read_events, read_ledger_entries
from queueing.model import AgentId, CallId, Durations, Mode, RelayId, Side

OPENING: Final = 1_700_000_000
"""The day's first second; any will do."""

SWEEP_US: Final = 200_000
"""How often the sweeper comes."""

LASTING: Final = 1_000_000.0
DURATIONS: Final = Durations(wrap_up=LASTING, server_lease=LASTING, connect=LASTING)
"""Nothing ends by itself that the day ends."""

CLOCK: Final = """
-- The time of day is what the day says.
function clock.now(ctx)
  return tonumber(redis.call('GET', ctx.q .. ':clock'))
end
"""
NEWEST: Final = 1_000_000


@dataclass
class DayQueue:
    """One player: a pool of its own on a server."""

    client: redis.Redis
    day: Day
    is_warned = False

    def __post_init__(self) -> None:
        """Open the doors: the directory is there, nobody is yet."""
        self._load = Load(self.client, self.day.directory, "day")
        self._tag = self._load.keys.tag
        self._outbox = self._load.keys.outbox(SERVER)
        self._read = "0"
        self._due: int | None = None
        self._tokens: dict[CallId, int] = {}
        self.it_is(0.0)
        self.client.function_load(assemble(version=NEWEST, clock=CLOCK), replace=True)
        self._load.send(words(self._load.door.configure(DURATIONS)))
        self._load.write_directory()
        for agent in self.day.directory.agents:
            self._load.send(self._load.signing_in(agent.id))

    # ------------------------------------------------------------------- playing

    def it_is(self, now: float) -> None:
        moment = (OPENING * 1_000_000) + microseconds(now)
        self.client.set(f"{self._tag}:clock", moment)

    def due(self) -> float | None:
        """Say when the sweeper comes for the next lease that ends."""
        if self._due is None:
            return None
        sweep = -(-self._due // SWEEP_US) * SWEEP_US
        return seconds(sweep - OPENING * 1_000_000)

    def acts(self) -> list[Match]:
        return self._send(Words("sweep", (100,)))

    def comes(self, caller: Coming) -> list[Match]:
        return self._send(
            words(
                self._load.door.enqueue(
                    call=caller.call,
                    service=caller.service,
                    topic=caller.topic,
                    mode=Mode.VIDEO,
                    relay=RelayId("relay-1"),
                    connection="tab",
                    request=self._load.request(),
                )
            )
        )

    def leaves(self, call: CallId) -> list[Match]:
        return self._send(self._load.leaving(call))

    def waits(self, _: CallId) -> list[Match]:
        return []  # the sweeper knows

    def ready(self, agent: AgentId) -> list[Match]:
        return self._send(self._load.becoming_ready(agent))

    def away(self, agent: AgentId) -> list[Match]:
        return self._send(self._load.going_away(agent))

    def accepts(self, match: Match) -> list[Match]:
        ringing = self._ringing(match)
        return self._send(self._load.accepting(ringing)) + self._send(
            self._load.seeing(ringing)
        )

    def refuses(self, match: Match) -> list[Match]:
        return self._send(self._load.refusing(self._ringing(match)))

    def ends(self, match: Match) -> list[Match]:
        ringing = self._ringing(match)
        return self._send(
            words(
                self._load.door.hang_up(
                    call=ringing.call, by=Side.CALLER, request=self._load.request()
                )
            )
        )

    def done(self, agent: AgentId, *, is_ready: bool) -> list[Match]:
        return self._send(self._load.finishing(agent, is_ready=is_ready))

    # ------------------------------------------------------------------- looking

    def ledger(self) -> list[LedgerEntry]:
        """Give the whole day's ledger."""
        rows: Any = self.client.xrange(self._load.keys.ledger)
        return [
            event
            for position, fields in rows
            for event in read_ledger_entries(
                self._load.keys.pool, position, fields["events"]
            )
        ]

    def mended(self) -> int:
        """Say how many missed matches the sweeper had to mend."""
        found: Any = self.client.hget(f"{self._tag}:meta", "violations")
        return int(found or 0)

    # ------------------------------------------------------------------- sending

    def _send(self, said: Words) -> list[Match]:
        """Send it, and read which calls ring since the last time."""
        with self.client.pipeline(transaction=False) as pipe:
            pipe.fcall(f"illico_{said.name}", 1, self._tag, *map(str, said.args))
            pipe.xread({self._outbox: self._read})
            pipe.zrange(f"{self._tag}:leases", 0, 0, withscores=True)
            _, streams, leases = pipe.execute()
        self._due = int(leases[0][1]) if leases else None
        return [
            match
            for _, entries in streams or ()
            for position, fields in entries
            for match in self._rings(position, fields)
        ]

    def _rings(self, position: str, fields: dict[str, str]) -> list[Match]:
        self._read = position
        offers = [e for e in read_events(fields["events"]) if isinstance(e, Offered)]
        self._tokens |= {offer.call: offer.token for offer in offers}
        return [Match(offer.call, offer.agent) for offer in offers]

    def _ringing(self, match: Match) -> Ringing:
        return Ringing(match.call, match.agent, self._tokens[match.call])
