"""What must be true of a pool at every moment, and from one moment to a later one.

Pure; each invariant is one function that says in sentences where it is broken. They ask
the records, and `matching.eligible` who may serve whom, never the library.

I1 a call has at most one live reservation, an agent at most one; they point at each
other with the same token. I2 nobody waits while an agent who may serve them is ready.
I3 every state that must not last has a lease. I4 a call ends once, and is counted once.
I5 T0 never changes; the deadline only with a new leg. I6 the indexes say what the
records say. I7 tokens and versions only rise. I8 equal callers are served in the order
of their deadlines. I9 a call changes its relay only by being moved, and is counted.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from queueing.catalogue import Need
from queueing.inventory import Inventory, Record, calls_reserve
from queueing.library import seconds
from queueing.matching import Caller, Candidate, eligible, held
from queueing.model import AgentId, AgentState, CallId, CallState, CompanyId

PARTNERS: Final = {
    CallState.OFFERED: {AgentState.OFFERED},
    CallState.CONNECTING: {AgentState.CONNECTING},
    CallState.ANSWERED: {AgentState.IN_CALL},
}
"""What the agent of a call is doing, by the call's state before any loss."""

LEASED_CALLS: Final = {CallState.OFFERED, CallState.CONNECTING, CallState.LOST}
BEFORE_A_TALK: Final = {CallState.QUEUED, CallState.OFFERED, CallState.CONNECTING}
LEASED_AGENTS: Final = {AgentState.WRAP_UP, AgentState.LOST}

AT_WORK: Final = {
    AgentState.READY,
    AgentState.OFFERED,
    AgentState.CONNECTING,
    AgentState.IN_CALL,
    AgentState.WRAP_UP,
}
"""Of agents who may be waited for alone."""


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One invariant, broken at one place."""

    invariant: str
    what: str


def violations(pool: Inventory) -> list[Violation]:
    """Check one moment of a pool, which must be whole."""
    checks: dict[str, Callable[[Inventory], Iterator[str]]] = {
        "I1": _reservations,
        "I2": _missed_matches,
        "I3": _leases,
        "I4": _ends,
        "I6": _indexes,
        "I7": _ticks,
        "I8": _order,
    }
    return [
        Violation(name, what) for name, check in checks.items() for what in check(pool)
    ]


def changes(before: Inventory, after: Inventory) -> list[Violation]:
    """Check what became of a pool between two moments."""
    checks: dict[str, Callable[[str, Record, Record], Iterator[str]]] = {
        "I4": _ends_once,
        "I5": _keeps_its_place,
        "I7": _rises,
    }
    found = [
        Violation(name, what)
        for name, check in checks.items()
        for call, now in after.calls.items()
        if call in before.calls
        for what in check(call, before.calls[call], now)
    ]
    found += [Violation("I9", what) for what in _moved(before, after)]
    return found + [Violation("I8", what) for what in _overtaken(before, after)]


def stage(record: Record) -> str:
    """Say what a call or an agent is doing, or did before being lost."""
    return record["was"] if record["state"] == "lost" else record["state"]


def is_idle(agent: Record) -> bool:
    """Say whether an agent stands in the index: ready, and not at rest."""
    return agent["state"] == AgentState.READY and not agent["until"]


def caller(pool: Inventory, call: str) -> Caller:
    """Say for whom a call's agent is sought."""
    record = pool.calls[call]
    levels = pool.levels(record["signature"])
    rests = pool.rests.get(call, {})
    return Caller(
        call=CallId(call),
        company=CompanyId(record["company"]),
        needs=tuple(Need(skill, level) for skill, level in levels.items()),
        deadline=seconds(int(record["deadline"])),
        rests={AgentId(agent): seconds(until) for agent, until in rests.items()},
        reserve=calls_reserve(record["signature"]),
        dropped=pool.dropped(record["signature"]),
        only=AgentId(record["only"]) if record["only"] else None,
    )


def candidate(pool: Inventory, agent: str) -> Candidate:
    """Say what an agent could be asked for."""
    record = pool.agents[agent]
    _, _, skills = record["profile"].partition("|")
    return Candidate(
        agent=AgentId(agent),
        companies=frozenset(map(CompanyId, record["companies"].split(","))),
        skills=pool.levels(skills),
        reserve=calls_reserve(skills),
        idle_since=seconds(int(record["idle_since"])),
        rests_until=seconds(int(record["until"] or 0)),
    )


# ------------------------------------------------------------------------ one moment


def _reservations(pool: Inventory) -> Iterator[str]:
    for call, c in pool.calls.items():
        if stage(c) not in PARTNERS:
            continue
        a = pool.agents.get(c["agent"])
        if a is None:
            yield f"call {call} is {stage(c)} with agent {c['agent']}, who is not there"
        elif (a["call"], a["token"]) != (call, c["token"]):
            yield f"call {call} holds agent {c['agent']}, who holds {a['call'] or 'none'}"
        elif stage(a) not in PARTNERS[CallState(stage(c))]:
            yield f"call {call} is {stage(c)}, its agent {c['agent']} {stage(a)}"
    for agent, a in pool.agents.items():
        held = pool.calls.get(a["call"])
        if a["call"] and (held is None or held["agent"] != agent):
            yield f"agent {agent} holds call {a['call']}, which does not hold them"


def _ready(pool: Inventory) -> list[Candidate]:
    """Say what each ready agent could be asked for, beside all the others."""
    reserves = pool.reserves()
    ready = [
        candidate(pool, agent)
        for agent, a in pool.agents.items()
        if a["state"] == AgentState.READY
    ]
    free = [each for each in ready if not each.rests_until]
    counts = {
        skill: sum(each.skills.get(skill, 0) > 0 for each in free)
        for skill in (reserve.skill for reserve in reserves)
    }
    return [replace(each, held=held(each.skills, reserves, counts)) for each in ready]


def _missed_matches(pool: Inventory) -> Iterator[str]:
    """Ask `eligible` for each kind of caller and agent, then for the pairs that rest.

    While a store that lives anew waits for its people, nobody is offered to anybody.
    """
    if "settles" in pool.meta:
        return
    now = seconds(pool.now)
    ready = _ready(pool)
    alike: dict[tuple[str, str, str], list[Candidate]] = {}
    for call, c in pool.in_state(CallState.QUEUED):
        waits = caller(pool, call)
        kind = (c["company"], c["signature"], c["only"])
        if kind not in alike:
            unrested = replace(waits, rests={})
            alike[kind] = [each for each in ready if eligible(unrested, each, now)]
        for each in alike[kind]:
            if eligible(waits, each, now):
                yield f"call {call} waits while agent {each.agent} is ready"
                break


def _leases(pool: Inventory) -> Iterator[str]:
    for call, c in pool.calls.items():
        if c["state"] in LEASED_CALLS:
            yield from _lease(pool, f"call {call}", c)
    for agent, a in pool.agents.items():
        if a["state"] in LEASED_AGENTS or (
            a["until"] and a["state"] == AgentState.READY
        ):
            yield from _lease(pool, f"agent {agent}", a)
    for call, c in pool.in_state(CallState.QUEUED):
        after = c["widening"].partition(":")[0]
        is_timed = after.isdecimal()  # and not for danger alone
        due = int(c["leg_t0"]) + int(after) + int(c["rung"]) if is_timed else None
        if pool.leases.get(f"widen {call}") != due:
            yield f"call {call} widens at {due}, its lease is another"
    yield from _bounded_waits(pool)
    yield from _leases_of_nothing(pool)


def _bounded_waits(pool: Inventory) -> Iterator[str]:
    """Find who waits for one agent alone or for a call-back, with no end to it."""
    for call, c in pool.calls.items():
        for kind, applies in (("only", c["only"]), ("callback", c["call_back"])):
            if bool(applies) != (f"{kind} {call}" in pool.leases):
                yield f"call {call} is {kind} in its record or in a lease, not in both"
        awaited = pool.agents.get(c["only"], {"state": "unlisted"})
        if c["only"] and awaited["state"] not in AT_WORK:
            yield f"call {call} waits for {c['only']}, who is {awaited['state']}"
        if c["call_back"] and stage(c) not in BEFORE_A_TALK:
            yield f"call {call} is {c['state']}, and its caller to be called back"
        at_hand = c["state"] not in {CallState.LOST, CallState.ENDED}
        if at_hand and not c["server"] and not c["call_back"]:
            yield f"call {call} is {c['state']}, and no server holds its caller"


def _leases_of_nothing(pool: Inventory) -> Iterator[str]:
    for member in pool.leases:
        kind, name, *_ = member.split(" ")
        known = {"call": pool.calls, "agent": pool.agents}.get(kind)
        if known is not None and name not in known:
            yield f"a lease of {kind} {name}, which is not there"
    for record in chain(pool.calls.values(), pool.agents.values()):
        if record["server"] and f"server {record['server']}" not in pool.leases:
            yield f"server {record['server']} holds somebody and has no lease"


def _lease(pool: Inventory, member: str, record: Record) -> Iterator[str]:
    lease = pool.leases.get(member)
    if lease is None:
        yield f"{member} is {record['state']} without a lease"
    elif str(lease) != record["until"]:
        yield f"{member} ends at {record['until']}, its lease at {lease}"


def _ends(pool: Inventory) -> Iterator[str]:
    live = [c for c in pool.calls.values() if c["state"] != CallState.ENDED]
    for call, c in pool.calls.items():
        if (c["state"] == CallState.ENDED) != bool(c["reason"]):
            yield f"call {call} is {c['state']} with the reason {c['reason'] or 'none'}"
    if all(c["service"] in pool.counts for c in live):
        counts = pool.counts.values()
        came = sum(count.get("call_queued", 0) for count in counts)
        went = sum(count.get("call_ended", 0) for count in counts)
        if came - went != len(live):
            yield f"{came} calls came and {went} went, but {len(live)} are there"


def _indexes(pool: Inventory) -> Iterator[str]:
    queued = dict(pool.in_state(CallState.QUEUED))
    for what, sets in (("company", pool.waiting), ("signature", pool.signatures)):
        ranks = {call: at for each in sets.values() for call, at in each.items()}
        for call in queued.keys() ^ ranks.keys():
            yield f"call {call} waits in its record or its {what}'s index, not in both"
        for call in queued.keys() & ranks.keys():
            if str(ranks[call]) != queued[call]["deadline"]:
                yield f"call {call} stands at {ranks[call]}, its deadline is another"
    for (company, signature), line in pool.signatures.items():
        first = next(iter(line.values()), None)
        if pool.heads[company].get(signature) != first:
            yield f"the first caller of {company} {signature} is not its head"
    idle = {agent: at for each in pool.idle.values() for agent, at in each.items()}
    ready = {i for i, a in pool.agents.items() if is_idle(a)}
    for agent in idle.keys() ^ ready:
        yield f"agent {agent} is ready in the record or in the index, not in both"


def _ticks(pool: Inventory) -> Iterator[str]:
    last = int(pool.meta.get("tick", 0))
    for kind, records in (("call", pool.calls), ("agent", pool.agents)):
        for name, record in records.items():
            for what in ("token", "version"):
                if int(record[what] or 0) > last:
                    yield f"{what} {record[what]} of {kind} {name} is yet to come"


def _order(pool: Inventory) -> Iterator[str]:
    for (company, signature), ranks in pool.signatures.items():
        if list(ranks) != sorted(ranks, key=lambda call: (ranks[call], call)):
            yield f"the callers of {company} {signature} stand in another order"


# ---------------------------------------------------------------------- two moments


def _ends_once(call: str, before: Record, after: Record) -> Iterator[str]:
    if before["state"] == CallState.ENDED and (
        after["state"] != CallState.ENDED or before["reason"] != after["reason"]
    ):
        yield f"call {call} ended as {before['reason']} and is {after['state']} again"


def _keeps_its_place(call: str, before: Record, after: Record) -> Iterator[str]:
    if before["t0"] != after["t0"]:
        yield f"T0 of call {call} was {before['t0']} and is {after['t0']}"
    same_leg = before["leg"] == after["leg"]
    if same_leg and before["deadline"] != after["deadline"]:
        yield f"the deadline of call {call} moved from {before['deadline']}"


def _rises(call: str, before: Record, after: Record) -> Iterator[str]:
    for what in ("token", "version", "leg"):
        if int(after[what] or 0) < int(before[what] or 0):
            yield f"{what} of call {call} fell from {before[what]} to {after[what]}"


def _moved(before: Inventory, after: Inventory) -> Iterator[str]:
    """Find calls whose relay is another though none, or fewer, were moved."""
    elsewhere = [
        call
        for call, now in after.calls.items()
        if call in before.calls and before.calls[call]["relay"] != now["relay"]
    ]
    moves = _count(after, "call_moved") - _count(before, "call_moved")
    services = {after.calls[call]["service"] for call in elsewhere}
    if (
        services <= before.counts.keys() & after.counts.keys()
        and len(elsewhere) > moves
    ):
        yield f"calls {', '.join(elsewhere)} have another relay after {moves} moves"


def _count(pool: Inventory, kind: str) -> int:
    return sum(count.get(kind, 0) for count in pool.counts.values())


def _overtaken(before: Inventory, after: Inventory) -> Iterator[str]:
    """Find who stood in line all the time while a later equal caller was offered.

    Nothing was offered to them (no new token), and the agent who took the later one
    was not resting from them.
    """
    moment = _oldest_in_line(before, after)
    for call, c in after.in_state(CallState.OFFERED):
        was = before.calls.get(call)
        first = moment.get((c["company"], c["signature"], ""))
        if was is None or was["state"] != CallState.QUEUED or first is None:
            continue
        deadline, waits = first
        rests = {**before.rests.get(waits, {}), **after.rests.get(waits, {})}
        if deadline < int(c["deadline"]) and c["agent"] not in rests:
            yield f"call {call} was offered before {waits}, whose deadline is earlier"


def _oldest_in_line(
    before: Inventory, after: Inventory
) -> dict[tuple[str, str, str], tuple[int, str]]:
    found: dict[tuple[str, str, str], tuple[int, str]] = {}
    for call, c in after.in_state(CallState.QUEUED):
        was = before.calls.get(call)
        kind = (c["company"], c["signature"], c["only"])
        if was is not None and was["version"] == c["version"]:
            found.setdefault(kind, (int(c["deadline"]), call))
    return found
