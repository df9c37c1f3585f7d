"""What `illico queue` shows of a pool, as plain facts: ids and states, nobody's name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from queueing.forecast import Forecast
from queueing.invariants import Violation, stage, violations
from queueing.inventory import Inventory, Record, calls_reserve
from queueing.model import CallId, Wait
from queueing.watching import Standing

MICRO: Final = 1_000_000

UNKNOWN: Final = Wait(0, nobody=False, low=None, high=None, breach=None)


@dataclass(frozen=True, slots=True)
class WaitingCall:
    """A caller in the line. Times are seconds; ``due_in`` is negative once late.

    ``call_back``: the caller has left and is called back in turn. The last four are
    those of `queueing.model.Wait`.
    """

    call: str
    service: str
    company: str
    state: str
    waited: float
    due_in: float
    requires: str
    widened: int
    resting_agents: int
    call_back: bool
    nobody: bool
    low: float | None
    high: float | None
    breach: float | None


@dataclass(frozen=True, slots=True)
class ServedCall:
    """A call that an agent has, or had until one of the two was lost."""

    call: str
    service: str
    state: str
    since_t0: float
    agent: str
    ends_in: float | None


@dataclass(frozen=True, slots=True)
class AgentLook:
    """An agent who is signed in. ``ends_in``: when the state ends by itself."""

    agent: str
    state: str
    idle: float | None
    ends_in: float | None
    call: str
    skills: str
    companies: str


@dataclass(frozen=True, slots=True)
class Leases:
    """How many leases of each kind there are, and when the next one ends."""

    kinds: dict[str, int]
    next_in: float | None
    overdue: int


@dataclass(frozen=True, slots=True)
class AlertLook:
    """What is wrong with a service for longer than a moment."""

    service: str
    alert: str
    window_s: int
    burn_permille: int


@dataclass(frozen=True, slots=True)
class HalfHourLook:
    """What one of the next half hours takes; ``begins`` is seconds since the epoch."""

    begins: int
    calls: int
    needed: int
    at_work: int
    in_time_permille: int


@dataclass(frozen=True, slots=True)
class Look:
    """One moment of a pool; ``at`` is seconds since the epoch.

    ``violations`` are those of this moment, ``None`` where the pool was too large to be
    seen whole; ``mended`` are the missed matches that the sweeper ever found.
    """

    pool: str
    at: float
    whole: bool
    waiting: list[WaitingCall]
    served: list[ServedCall]
    agents: list[AgentLook]
    states: dict[str, int]
    leases: Leases
    violations: list[Violation] | None
    mended: int
    alerts: list[AlertLook]
    half_hours: list[HalfHourLook]


@dataclass(frozen=True, slots=True)
class Watched:
    """What the process that watches the pool says of it, beside the records."""

    waits: Mapping[CallId, Wait] = field(default_factory=dict)
    alerts: Sequence[Standing] = ()
    forecast: Forecast | None = None


def look(pool: str, found: Inventory, watched: Watched) -> Look:
    """Tell the facts of an inventory, and what is expected of its waiting calls."""
    waits = watched.waits
    line = [
        (call, record)
        for call, record in found.in_state("queued", "lost")
        if stage(record) == "queued"
    ]
    served = found.in_state("offered", "connecting", "answered", "lost")
    there = [each for each in found.agents.items() if each[1]["state"] != "offline"]
    return Look(
        pool=pool,
        at=found.now / MICRO,
        whole=found.whole,
        waiting=[
            _waiting(found, call, record, waits.get(CallId(call), UNKNOWN))
            for call, record in line
        ],
        served=[
            _served(found, call, record)
            for call, record in served
            if stage(record) != "queued"
        ],
        agents=[_agent(found, agent, record) for agent, record in sorted(there)],
        states=dict(Counter(record["state"] for record in found.agents.values())),
        leases=_leases(found),
        violations=violations(found) if found.whole else None,
        mended=int(found.meta.get("violations", 0)),
        alerts=[_alert(each) for each in watched.alerts],
        half_hours=_half_hours(watched.forecast),
    )


def _alert(each: Standing) -> AlertLook:
    return AlertLook(each.service, each.alert.value, each.window_s, each.burn_permille)


def _half_hours(forecast: Forecast | None) -> list[HalfHourLook]:
    return [
        HalfHourLook(h.begins, h.calls, h.needed, h.at_work, h.in_time_permille)
        for h in (forecast.half_hours if forecast else ())
    ]


def _waiting(found: Inventory, call: str, record: Record, wait: Wait) -> WaitingCall:
    resting = found.rests.get(call, {}).values()
    return WaitingCall(
        call=call,
        service=record["service"],
        company=record["company"],
        state=record["state"],
        waited=_ago(found, record["t0"]),
        due_in=-_ago(found, record["deadline"]),
        requires=_words(found, record["signature"]),
        widened=int(record["step"]),
        resting_agents=sum(until > found.now for until in resting),
        call_back=record["call_back"] == "1",
        nobody=wait.nobody,
        low=wait.low,
        high=wait.high,
        breach=wait.breach,
    )


def _served(found: Inventory, call: str, record: Record) -> ServedCall:
    state = record["state"]
    return ServedCall(
        call=call,
        service=record["service"],
        state=state if state != "lost" else f"lost, was {record['was']}",
        since_t0=_ago(found, record["t0"]),
        agent=record["agent"],
        ends_in=_ends_in(found, record),
    )


def _agent(found: Inventory, agent: str, record: Record) -> AgentLook:
    state = record["state"]
    _, _, skills = record["profile"].partition("|")
    return AgentLook(
        agent=agent,
        state=state if state != "lost" else f"lost, was {record['was']}",
        idle=_ago(found, record["idle_since"]) if state == "ready" else None,
        ends_in=_ends_in(found, record),
        call=record["call"],
        skills=_words(found, skills),
        companies=record["companies"],
    )


def _leases(found: Inventory) -> Leases:
    return Leases(
        kinds=dict(Counter(member.split(" ")[0] for member in found.leases)),
        next_in=min(
            ((until - found.now) / MICRO for until in found.leases.values()),
            default=None,
        ),
        overdue=sum(until < found.now for until in found.leases.values()),
    )


def _ago(found: Inventory, moment: str) -> float:
    return (found.now - int(moment)) / MICRO


def _ends_in(found: Inventory, record: Record) -> float | None:
    return -_ago(found, record["until"]) if record["until"] else None


def _words(found: Inventory, signature: str) -> str:
    levels = found.levels(signature)
    words = [f"{skill} {level}" for skill, level in sorted(levels.items())]
    return ", ".join([*words, *(["reserve"] if calls_reserve(signature) else [])])
