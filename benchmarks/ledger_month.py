"""A generated month of calls, as the queue writes it into the ledger's stream.

Calls come in opening hours only, more in the middle of a working day; some callers give
up, most are answered and talk for some minutes. The same seed draws the same month.
"""

import heapq
import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from queueing.texts import EVENTS_SEPARATOR, LEDGER_FIELDS, SEPARATOR

POOL: Final = "fr"
FIRST_DAY: Final = datetime(2026, 11, 1, tzinfo=UTC)
DAYS: Final = 30
WEIGHTS: Final = (10, 10, 9, 9, 9, 3, 1)
"""How many calls a day of the week has, beside the others; Monday first."""
OPENS_S, CLOSES_S = 8 * 3_600, 18 * 3_600
GIVES_UP: Final = 0.06
COMPANIES: Final = 20
AGENTS: Final = 400
SECOND: Final = 1_000_000

_Step = tuple[int, str, dict[str, Any]]
"""When (µs), which kind, and what of the call's facts."""


@dataclass(frozen=True, slots=True)
class Noted:
    """One entry of the stream, and what must be found of it in the chains."""

    text: str
    events: tuple[tuple[str, str, str], ...]
    """Number, company (none: the pool's chain) and kind of each event in it."""


@dataclass(frozen=True, slots=True)
class _Call:
    number: int
    company: str
    agent: str

    @property
    def name(self) -> str:
        return f"c{self.number:024x}"


def a_month(calls: int, seed: int = 1, companies: int = COMPANIES) -> Iterator[Noted]:
    """Write a month's entries in the order of time, without ever holding the month."""
    chance = random.Random(seed)  # noqa: S311  a drawing, no secret
    order = itertools.count()
    waiting: list[tuple[int, int, list[_Step], _Call]] = []
    for terms, number in itertools.product(_terms(), range(companies)):
        one = _Call(0, f"company{number:02}", "")
        heapq.heappush(waiting, (terms[0][0], next(order), terms, one))
    number = 0
    for drawn, at in enumerate(_arrivals(calls, chance), 1):
        company = f"company{chance.randrange(companies):02}"
        call = _Call(drawn, company, f"agent{chance.randrange(AGENTS):03}")
        for step in _moments(at, chance):
            heapq.heappush(waiting, (step[0][0], next(order), step, call))
        while waiting and waiting[0][0] < at:
            number, noted = _noted(number, *heapq.heappop(waiting)[2:])
            yield noted
    while waiting:
        number, noted = _noted(number, *heapq.heappop(waiting)[2:])
        yield noted


def _arrivals(calls: int, chance: random.Random) -> Iterator[int]:
    """Draw when calls come, day by day."""
    days = [FIRST_DAY + timedelta(days=n) for n in range(DAYS)]
    whole = sum(WEIGHTS[day.weekday()] for day in days)
    given = share = 0
    for day in days:
        share += WEIGHTS[day.weekday()]
        count = calls * share // whole - given
        given += count
        midnight = int(day.timestamp()) * SECOND
        hours = sorted(chance.triangular(OPENS_S, CLOSES_S) for _ in range(count))
        yield from (midnight + int(second * SECOND) for second in hours)


def _terms() -> list[list[_Step]]:
    """Write the terms of the month, and other ones from its middle on."""
    first, middle = (
        int((FIRST_DAY + timedelta(days=n)).timestamp()) * SECOND for n in (0, 15)
    )
    old = {"version": 1, "valid_from_us": first, "per_minute": 450_000}
    new = {"version": 2, "valid_from_us": middle, "per_minute": 600_000}
    band = {"target_us": 45 * SECOND, "offer": "premium", "forecast": [120] * 336}
    return [[(first, "terms_set", old)], [(middle, "terms_set", new | band)]]


def _moments(at: int, chance: random.Random) -> list[list[_Step]]:
    """Draw a call: what happened at one moment is one entry of the stream."""
    topic = chance.choice(("facture", "panne", "contrat"))
    queued = {"topic": topic, "mode": "video", "relay": "r1", "t0_us": at}
    if chance.random() < GIVES_UP:
        end = at + int(chance.expovariate(1 / 45) * SECOND)
        facts = {"reason": "abandoned", "by": "caller", "t0_us": at, "ended_at_us": end}
        return [[(at, "call_queued", queued)], [(end, "call_ended", facts)]]
    rings = at + int(chance.expovariate(1 / 12) * SECOND)
    accepts = rings + int(chance.uniform(1, 8) * SECOND)
    seen = accepts + int(chance.uniform(0.2, 0.8) * SECOND)
    end = seen + int(chance.lognormvariate(5.2, 0.7) * SECOND)
    rests = end + int(chance.uniform(5, 60) * SECOND)
    wait = {"wait_ms": (seen - at) // 1_000, "leg": 0}
    evidence = {"evidence": "presented", "browser_ms": (seen - at) // 1_000, **wait}
    ended = {"reason": "hung_up", "by": "caller", "t0_us": at, "ended_at_us": end}
    looked = {"side": "caller", "windows": 200, "legible": chance.randrange(150, 201)}
    return [
        [(at, "call_queued", queued)],
        [(rings, "offer_made", {"expires_at_us": rings + 15 * SECOND})],
        [(accepts, "call_accepted", {"rang_ms": (accepts - rings) // 1_000})],
        [(seen, "call_answered", evidence)],
        [
            (end, "call_ended", ended),
            (end, "wrap_up_started", {"expires_at_us": end + 60 * SECOND}),
        ],
        [(end + 1, "eye_counted", looked)],
        [(rests, "wrap_up_done", {"ready": True, "by": "agent"})],
    ]


def _noted(number: int, steps: list[_Step], call: _Call) -> tuple[int, Noted]:
    """Number the events as the queue does: by its clock, and never twice."""
    texts, events = [], []
    for at, kind, facts in steps:
        number = max(number + 1, at)
        of_pool = kind == "wrap_up_done"
        company = "" if of_pool else call.company
        of_agent = kind not in {"call_queued", "eye_counted", "terms_set"}
        of_call = kind not in {"wrap_up_done", "terms_set"}
        values = {
            "event": str(number),
            "kind": kind,
            "at": str(at),
            "company": company,
            "service": f"{company}-aide" if company else "",
            "call": call.name if of_call else "",
            "agent": call.agent if of_agent else "",
            "token": "",
            "facts": json.dumps(facts, separators=(",", ":")),
        }
        texts.append(SEPARATOR.join(values[field] for field in LEDGER_FIELDS))
        events.append((f"{POOL}-{number}", company, kind))
    return number, Noted(EVENTS_SEPARATOR.join(texts), tuple(events))
