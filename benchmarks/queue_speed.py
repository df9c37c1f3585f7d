"""What one call costs the queue's server, beside the cheapest pair of commands there is.

Processor time of the server process, in short rounds one after the other, so that what
else the machine does hits all of them; medians of the rounds.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any, Final

import redis

from benchmarks.nation import a_nation, is_special, plain_agents
from benchmarks.queue_load import Load, Match, Words, ringing_call
from benchmarks.servers import BareServer, Kind, bare_server, cores_apart
from queueing.catalogue import Directory
from queueing.model import AgentId

WAITING: Final = 10_000
IDLE: Final = 3_000
WORKING: Final = 600
"""How many agents take turns in the rounds of the overload; all others are away."""

SERVERS, A_SERVER = 3, 6
"""How many servers at most, one after the other, share the rounds, and how many rounds are
worth one more."""

A_ROUND: Final = 100
"""Calls (and plain pairs) in one round."""

FEW, MANY = 1_000, 100_000
MICROSECONDS: Final = 1e6
NOT_OURS: Final = {"config|resetstat", "info"}

Tell = Callable[[str], None]


class Meter:
    """Notes the server's processor time, by what it was spent on."""

    def __init__(self, server: BareServer | None = None) -> None:
        self._server = server
        self._taken: dict[str, list[float]] = defaultdict(list)

    @property
    def server(self) -> BareServer:
        """The one whose time is noted from now on."""
        assert self._server is not None, "a meter without a server"
        return self._server

    @server.setter
    def server(self, server: BareServer) -> None:
        self._server = server

    def run(self, what: str, load: Load, said: Sequence[Words]) -> list[Match]:
        """Send one after the other; give the calls that ring after it."""
        before = self.server.cpu()
        replies = [load.send(each) for each in said]
        self._note(what, before, len(said))
        return [match for match in map(ringing_call, replies) if match is not None]

    def plain(self, what: str, client: redis.Redis, pairs: int) -> None:
        """Do what any queue in Redis must do at least: put in, take the first out."""
        before = self.server.cpu()
        for number in range(pairs):
            client.zadd("plain", {f"call{number:07}": number})
        for _ in range(pairs):
            client.zpopmin("plain")
        self._note(what, before, pairs)

    def empty(self, what: str, client: redis.Redis, calls: int) -> None:
        """Call a function that does nothing."""
        before = self.server.cpu()
        for _ in range(calls):
            client.fcall("illico_version", 0)
        self._note(what, before, calls)

    def microseconds(self, what: str) -> float:
        """Give the median of one piece of work."""
        return round(median(self._taken[what]), 1)

    def ratio(self, new: Sequence[str], old: Sequence[str]) -> float:
        """Give the median, over the rounds, of one sum over another."""
        pairs = zip(self._sums(new), self._sums(old), strict=True)
        return round(median(one / other for one, other in pairs), 3)

    def _sums(self, names: Sequence[str]) -> list[float]:
        rows = zip(*(self._taken[name] for name in names), strict=True)
        return [sum(row) for row in rows]

    def _note(self, what: str, before: float, times: int) -> None:
        spent = self.server.cpu() - before
        self._taken[what].append(spent * MICROSECONDS / times)


class Anatomy(Meter):
    """Notes what the functions' time went into, by the server's own counters."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: dict[str, dict[str, float]] = {}

    def run(self, what: str, load: Load, said: Sequence[Words]) -> list[Match]:
        """Send one after the other; note what one of them costs in the mean."""
        load.client.config_resetstat()
        matches = super().run(what, load, said)
        told: dict[str, dict[str, float]] = load.client.info("commandstats")
        rows = {name.removeprefix("cmdstat_"): row for name, row in told.items()}
        script = rows.pop("fcall")["usec"]
        inner = [row for name, row in rows.items() if name not in NOT_OURS]
        self.parts[what] = {
            "commands": round(sum(row["calls"] for row in inner) / len(said), 1),
            "commands_us": round(sum(row["usec"] for row in inner) / len(said), 1),
            "script_us": round(script / len(said), 1),
        }
        return matches


class Overload:
    """A pool where callers wait; who is free takes the next one at once."""

    def __init__(
        self,
        client: redis.Redis,
        directory: Directory,
        waiting: int,
        *,
        warm: bool = True,
    ) -> None:
        self.load = Load(client, directory, f"over{waiting}")
        self.load.publish()
        self.load.sign_in(directory.agents)
        if warm:
            self.load.warm()
        self.load.fill(waiting + WORKING)
        agents = self.load.chance.sample(plain_agents(directory), WORKING)
        ready = [self.load.becoming_ready(agent.id) for agent in agents]
        first = [m for m in map(ringing_call, self.load.send_all(ready)) if m]
        self.load.talk(first)
        self._free = [match.agent for match in first]

    def round(self, meter: Meter, name: str) -> None:
        """So many call, so many agents are free again: as many wait after it."""
        self.load.beat()
        agents, self._free = self._free[:A_ROUND], self._free[A_ROUND:]
        calling = [self.load.calling() for _ in agents]
        meter.run(f"{name} enqueue", self.load, calling)
        finishing = [self.load.finishing(agent) for agent in agents]
        matches = meter.run(f"{name} freed", self.load, finishing)
        self.load.talk(matches)
        self._free += [match.agent for match in matches]
        self._rest(set(agents) - {match.agent for match in matches})

    def _rest(self, agents: set[AgentId]) -> None:
        """Who met nobody goes; whom they could serve is left to the others."""
        self.load.send_all([self.load.going_away(agent) for agent in agents])
        assert len(self._free) >= A_ROUND, "too few agents met anybody"


class Light:
    """A pool where agents wait; who calls meets one at once."""

    def __init__(
        self,
        client: redis.Redis,
        directory: Directory,
        idle: int,
        *,
        warm: bool = True,
    ) -> None:
        self.load = Load(client, directory, f"light{idle}")
        self.load.publish()
        self.load.sign_in(directory.agents)
        agents = self.load.chance.sample(plain_agents(directory), idle)
        self.load.send_all([self.load.becoming_ready(agent.id) for agent in agents])
        if warm:
            self.load.warm()

    def round(self, meter: Meter, name: str) -> None:
        """So many call; then the agents have finished and are idle again."""
        self.load.beat()
        calling = [self.load.calling() for _ in range(A_ROUND)]
        matches = meter.run(f"{name} enqueue", self.load, calling)
        self.load.talk(matches)
        finishing = [self.load.finishing(match.agent) for match in matches]
        meter.run(f"{name} freed", self.load, finishing)


def ratios(kind: Kind, rounds: int, tell: Tell) -> dict[str, Any]:
    """Measure overload and light load, over TCP and over the Unix socket.

    On several servers, one after the other: where a process's memory happens to lie is
    worth a fifth of its time.
    """
    directory = a_nation()
    meter, anatomy, tails = Meter(), Anatomy(), []
    servers = min(SERVERS, max(1, rounds // A_SERVER))
    for number in range(servers):
        with bare_server(kind) as server, cores_apart(server):
            meter.server = anatomy.server = server
            tails.append(_rounds(meter, anatomy, directory, -(-rounds // servers)))
            tell(f"server {number + 1}/{servers}")
    found = {}
    for way, suffix in (("tcp", ""), ("unix", "_unix")):
        plain = (f"{way} plain",)
        over = (f"{way} over enqueue", f"{way} over freed")
        light = (f"{way} light enqueue", f"{way} light freed")
        found[f"overload_ratio{suffix}"] = meter.ratio(plain, over)
        found[f"light_ratio{suffix}"] = meter.ratio(plain, light[:1])
        found[f"light_ratio_with_return{suffix}"] = meter.ratio(plain, light)
    return found | {
        "script_p999_ms": round(median(tails) / 1000, 3),
        "plain_pair_us": meter.microseconds("tcp plain"),
        "empty_function_us": meter.microseconds("tcp empty"),
        "overload_enqueue_us": meter.microseconds("tcp over enqueue"),
        "overload_freed_us": meter.microseconds("tcp over freed"),
        "light_enqueue_us": meter.microseconds("tcp light enqueue"),
        "light_freed_us": meter.microseconds("tcp light freed"),
        "parts": anatomy.parts,
    }


def _rounds(meter: Meter, anatomy: Anatomy, directory: Directory, rounds: int) -> float:
    """Play the rounds on one server; give the functions' 99.9th percentile (µs)."""
    with meter.server.client() as near, meter.server.client(tcp=True) as far:
        over = Overload(near, directory, WAITING)
        light = Light(near, directory, IDLE)
        near.zadd("plain", {f"waiting{n:06}": MANY + n for n in range(WAITING)})
        near.config_resetstat()
        for _ in range(rounds):
            for client, way in ((far, "tcp"), (near, "unix")):
                over.load.client = light.load.client = client
                meter.plain(f"{way} plain", client, A_ROUND)
                meter.empty(f"{way} empty", client, A_ROUND)
                over.round(meter, f"{way} over")
                light.round(meter, f"{way} light")
        p999 = in_script(near)["p99.9"]
        over.round(anatomy, "overload")
        light.round(anatomy, "light")
    return p999


def growth(kind: Kind, rounds: int, tell: Tell) -> dict[str, float]:
    """Compare one call among a hundred thousand who wait with one among a thousand."""
    directory = a_nation()
    with bare_server(kind) as server, cores_apart(server), server.client() as client:
        few = Overload(client, directory, FEW)
        many = Overload(client, directory, MANY)
        tell(f"{FEW} wait in one pool, {MANY} in another")
        meter = Meter(server)
        for _ in range(rounds):
            few.round(meter, "few")
            many.round(meter, "many")
    return {
        "growth_100k_over_1k": meter.ratio(
            ("many enqueue", "many freed"), ("few enqueue", "few freed")
        )
    }


def worst_cases(kind: Kind, rounds: int, tell: Tell) -> dict[str, float]:
    """Time two searches that find nothing: nobody to serve, and nobody who serves.

    How often is given by the directory, not by ``rounds``.
    """
    del rounds
    directory = a_nation()
    special = [agent.id for agent in directory.agents if is_special(agent)]
    times = {}
    with bare_server(kind) as server, cores_apart(server), server.client() as client:
        over = Overload(client, directory, WAITING, warm=False)
        times["worst_freed_ms"] = _slowest(
            over.load, [over.load.becoming_ready(agent) for agent in special]
        )
        light = Light(client, directory, IDLE, warm=False)
        text = [each.id for each in directory.services if each.id.endswith("-text")]
        times["worst_enqueue_ms"] = _slowest(
            light.load, [light.load.calling(service) for service in text]
        )
    tell(f"{len(special)} agents met nobody, {len(text)} callers found nobody")
    return times


def _slowest(load: Load, said: Sequence[Words]) -> float:
    load.client.config_resetstat()
    for each in said:
        assert ringing_call(load.send(each)) is None, "nobody was to meet anybody"
    return round(in_script(load.client)["p99.9"] / 1000, 3)


def in_script(client: redis.Redis) -> dict[str, float]:
    """Give the percentiles (µs) of every function call since the last reset."""
    told = client.info("latencystats")
    percentiles: dict[str, float] = told["latency_percentiles_usec_fcall"]
    return percentiles
