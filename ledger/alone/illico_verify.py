"""Checks an export of Illico's ledger. One file, Python's own library alone, to be read.

    python illico_verify.py EXPORT [--heads HEADS …] [--key ID …] [--month YYYY-MM]
                                   [--statement STATEMENT] [--json]

EXPORT is what `illico ledger export` or the portal gave you (`.gz` is read as well),
HEADS what you were given each day and kept: without it, a chain that was computed anew
as a whole looks just the same. The exit code is 0 when all holds, 1 when something is
broken (the first bad link is named), 2 when a file is no such file.

What is checked, in this order:

1. Keys: each was announced, signed, by the one before it, or you kept it. One that
   replaces a lost key nobody can announce: ask for its name, and give it with --key.
2. Heads: each is signed, follows the one before it, and is one that you kept.
3. Links: each body is in the one form that is hashed, its position is the next, its
   event was not there before, and its digest is SHA-256 over the digest before it.
4. Heads against links: at each position the digest is the one that was given out.

With --month, the figures of that month in Paris are computed from the events by the
rules of the promise, to the last digit: compare them with those that you were told.
With --statement, that is done with a signed monthly statement, and its invoice lines.
"""

import argparse
import contextlib
import gzip
import hashlib
import json
import re
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

# ------------------------------------------------------------------ words and faults

GENESIS = b"illico ledger 1 genesis\n"
LINK = b"illico ledger 1 link\n"
HEAD_GENESIS = b"illico head 1 genesis\n"
HEAD = b"illico head 1\n"
END = b"illico end 1\n"
KEY = b"illico key 1\n"
CHANGE = b"illico key change 1\n"
STATEMENT = b"illico statement 1\n"

WORD: set[type] = {str}
NUMBER: set[type] = {int}
BODY: Mapping[str, set[type]] = {
    "format": NUMBER,
    "company": WORD,
    "position": NUMBER,
    "event_id": WORD,
    "pool": WORD,
    "kind": WORD,
    "at_us": NUMBER,
    "service": {str, type(None)},
    "call": {str, type(None)},
    "facts": {dict},
    "committed": {dict},
}
"""What a body holds, and of which kind each part is."""


class NoSuchFileError(Exception):
    """What was given is no export, or no file of heads."""


class Fault(Exception):  # noqa: N818  what it says is the finding, not a mishap
    """Something is broken: what, and which link shows it first.

    `first` is the first link that can have been changed: heads vouch for those before.
    """

    def __init__(
        self, what: str, link: int | None = None, first: int | None = None
    ) -> None:
        super().__init__(what)
        self.what = what
        self.link = link
        self.first = link if first is None else first

    @property
    def sentence(self) -> str:
        if self.link is None:
            return f"broken: {self.what}"
        if self.first == self.link:
            return f"broken at link {self.link}: {self.what}"
        span = f"changed between {self.first} and it"
        return f"broken at link {self.link} ({span}): {self.what}"


def canonical(value: Any) -> str:
    """Write JSON in its one form: sorted keys, no spaces, ASCII, no NaN."""
    return json.dumps(value, allow_nan=False, separators=(",", ":"), sort_keys=True)


def read_canonical(text: str) -> dict[str, Any] | None:
    """Read an object in that form; whatever two readers could read in two ways is none."""
    try:
        found = json.loads(text)
        if isinstance(found, dict) and canonical(found) == text:
            return found
    except (ValueError, RecursionError):
        pass
    return None


# ------------------------------------------------------------ Ed25519, as in RFC 8032

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]
"""Extended coordinates X, Y, Z, T: x = X/Z, y = Y/Z, x·y = T/Z (RFC 8032, 5.1.4)."""


def add(a: Point, b: Point) -> Point:
    low, high = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = high - low, d - c, d + c, high + low
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = add(total, point)
        point = add(point, point)
        factor >>= 1
    return total


def x_of(y: int, sign: int) -> int | None:
    """Find the x of a point of the curve (5.1.3); there may be none."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def point_of(encoded: bytes) -> Point | None:
    number = int.from_bytes(encoded, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def base() -> Point:
    y = 4 * pow(5, P - 2, P) % P
    x = x_of(y, 0) or 0
    return x, y, 1, x * y % P


BASE = base()


def is_signed(public: bytes, words: bytes, signature: bytes) -> bool:
    """Tell whether the signature of these words is of this key (5.1.7)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = point_of(public), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    hashed = hashlib.sha512(signature[:32] + public + words).digest()
    left = times(s, BASE)
    right = add(r, times(int.from_bytes(hashed, "little") % ORDER, a))
    return (
        left[0] * right[2] % P == right[0] * left[2] % P
        and left[1] * right[2] % P == right[1] * left[2] % P
    )


# ----------------------------------------------------------------------- keys, heads


class Key(NamedTuple):
    public: str
    since_us: int
    signature: str

    @property
    def id(self) -> str:
        return hashlib.sha256(KEY + bytes.fromhex(self.public)).hexdigest()[:16]

    def signed(self, words: bytes, signature: str) -> bool:
        return is_signed(bytes.fromhex(self.public), words, bytes.fromhex(signature))

    def announced(self, new: "Key") -> bool:
        return self.signed(new.change_after(self), new.signature)

    def replaces(self, lost: "Key") -> bool:
        """Tell whether this key says by itself that it takes the place of a lost one."""
        return self.signed(self.change_after(lost), self.signature)

    def change_after(self, old: "Key") -> bytes:
        facts = {"old": old.id, "public": self.public, "since_us": self.since_us}
        return CHANGE + canonical(facts).encode()


class Head(NamedTuple):
    company: str
    day: str
    position: int
    digest: str
    previous: str
    key: str
    signature: str

    @property
    def words(self) -> bytes:
        facts = self._asdict()
        del facts["signature"]
        return HEAD + canonical(facts).encode()


class End(NamedTuple):
    """Where a chain ended at a moment, signed between two daily heads."""

    company: str
    position: int
    digest: str
    at_us: int
    key: str
    signature: str

    @property
    def day(self) -> str:
        return f"{utc(self.at_us):%Y-%m-%d %H:%M} UTC"

    @property
    def words(self) -> bytes:
        facts = self._asdict()
        del facts["signature"]
        return END + canonical(facts).encode()


@dataclass(frozen=True)
class Told:
    """Heads and keys of one company, as an export or a kept file says them."""

    company: str
    heads: tuple[Head, ...]
    keys: tuple[Key, ...]
    ends: tuple[End, ...] = ()

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> "Told":
        """Read them from JSON.

        Raises:
            NoSuchFileError: something is missing, or of another kind.
        """
        try:
            company = facts["company"]
            heads = [
                [each[name] for name in Head._fields[1:]] for each in facts["heads"]
            ]
            keys = [[each[name] for name in Key._fields] for each in facts["keys"]]
            now = [facts["now"]] if "now" in facts else []
            ends = [[each[name] for name in End._fields[1:]] for each in now]
            told = cls(
                company,
                tuple(Head(company, *each) for each in heads),
                tuple(Key(*each) for each in keys),
                tuple(End(company, *each) for each in ends),
            )
            _refuse_odd(told)
        except (
            AttributeError,
            KeyError,
            OverflowError,
            TypeError,
            ValueError,
        ) as error:
            raise NoSuchFileError(f"its heads cannot be read: {error!r}") from error
        return told


def _refuse_odd(told: Told) -> None:
    told.company.encode()
    for each in (*told.heads, *told.keys, *told.ends):
        kinds = type(each).__annotations__.values()
        if [type(value) for value in each] != [*kinds]:
            raise TypeError(each)
    for head in told.heads:
        bytes.fromhex(head.digest + head.previous + head.key + head.signature)
    for end in told.ends:
        bytes.fromhex(end.digest + end.key + end.signature)
        utc(end.at_us)
    for key in told.keys:
        bytes.fromhex(key.public + key.signature)


def trusted_keys(
    told: Sequence[Key], kept: Sequence[Key], named: Sequence[str] = ()
) -> dict[str, Key]:
    """Name the keys that signed: kept ones, and those that a trusted key announced.

    Without a kept one, the first is taken as it is told. A key that replaces a lost one
    is trusted when you name it, because you asked us for it by another way.
    """
    trusted = {key.id: key for key in kept or told[:1]}
    trusted |= {key.id: key for key in told if key.id in named}
    for old, new in pairwise(told):
        if old.id in trusted and old.announced(new):
            trusted[new.id] = new
        elif new.id not in trusted and new.replaces(old):
            ask = f"ask us for it by another way, then run this with --key {new.id}"
            raise Fault(f"the key {new.id} replaces a lost one: {ask}")
    for key in (*told, *kept):
        if key.id not in trusted:
            raise Fault(f"the key {key.id} was not announced by the key before it")
        if key not in told:
            raise Fault(f"the key {key.id}, which you kept, is not listed")
    return trusted


def is_by(head: Head | End, keys: Mapping[str, Key]) -> bool:
    key = keys.get(head.key)
    return key is not None and key.signed(head.words, head.signature)


def check_heads(told: Told, keys: Mapping[str, Key]) -> None:
    """Check that all heads of an export are signed and follow each other."""
    previous = hashlib.sha256(HEAD_GENESIS + told.company.encode()).hexdigest()
    before: Head | None = None
    for head in told.heads:
        if not is_by(head, keys):
            raise Fault(f"the head of {head.day} is not signed by a key that is listed")
        if head.previous != previous:
            raise Fault(f"the head of {head.day} does not follow the one before it")
        if before and (head.day <= before.day or head.position < before.position):
            raise Fault(f"the head of {head.day} goes back behind the one before it")
        previous, before = hashlib.sha256(head.words).hexdigest(), head


def check_kept(told: Told, kept: Sequence[Head]) -> None:
    """Check that the export tells the heads that you kept."""
    listed = {head.day: head for head in told.heads}
    for head in kept:
        other = listed.get(head.day)
        if other is None:
            raise Fault(f"the head of {head.day}, which you kept, is not listed")
        if other.words != head.words:
            raise Fault(f"two heads of {head.day} are signed: keep both, they prove it")


# ---------------------------------------------------------------------------- figures

SECOND = 1_000_000
HALF_HOUR = 1_800 * SECOND
EVIDENCE = {"presented", "delivered", "text"}
CALLER_LEFT = {"abandoned", "caller_hung_up", "caller_lost", "lost_waiting"}
ANOTHER_WAY = {"left_another_way", "call_back_missed"}
UNQUEUED = {"call_closed", "call_refused"}
NOTED = {"eye_counted", "call_closed", "call_refused", "downtime"}
NO_BREACH = {"closed", "short", "technical_caller"}
OURS = {"no_one_there", "technical", "refused"}
COUNTERS = (
    *("offered", "answered", "in_time", "abandoned", "short", "left_in_target"),
    *("left_another_way", "no_one_there", "technical", "technical_caller", "refused"),
    *("closed", "waiting", "waiting_late", "breaches", "reoffers", "later_legs"),
    *("later_answered", "later_in_time", "later_breaches"),
    *("watched", "watched_s", "legible_s"),
)
EDGES = (10, 20, 30, 45, 60, 90, 120, 180)


def utc(at_us: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)


def paris(at_us: int) -> datetime:
    """Tell the clock on the wall in Paris: summer from the last Sunday of March on."""
    then = utc(at_us)
    march, october = (date(then.year, month, 31) for month in (3, 10))
    begin, end = (
        datetime.combine(last - timedelta((last.weekday() + 1) % 7), time(1), UTC)
        for last in (march, october)
    )
    return then + timedelta(hours=2 if begin <= then < end else 1)


def whole(value: Any) -> int | None:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if type(value) is int else None


def word(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


class Terms(NamedTuple):
    """What was agreed for a service; without any, the promise alone."""

    version: int = 0
    valid_from_us: int = 0
    target_us: int = 60 * SECOND
    share_permille: int = 950
    offer: str = "base"
    per_minute: int = 0
    fixed_cents: int = 0
    forecast: Sequence[int] = ()

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> "Terms | None":
        """Read chained terms; what cannot be terms rules nothing."""
        if not {"version", "valid_from_us"} <= facts.keys() <= {*cls._fields}:
            return None
        terms = cls(**facts)
        if type(terms.offer) is not str or type(terms.forecast) not in {list, tuple}:
            return None
        numbers = [each for each in terms[:-1] if each is not terms.offer]
        fits = all(
            type(each) is int and 0 <= each < 2**53
            for each in (*numbers, *terms.forecast)
        )
        return terms if fits and len(terms.forecast) in {0, 336} else None


@dataclass
class Clock:
    """A call until it is passed on, or one of its later legs."""

    call: str
    service: str
    t0: int
    terms: Terms
    leg: int = 0
    topic: str | None = None
    t1: int | None = None
    accepted: bool = False
    seen_accepted: bool = False
    lost: int | None = None
    ended: int | None = None
    reason: str | None = None
    offers: int = 0
    way: str | None = None
    watched_s: int = 0
    legible_s: int = 0
    unqueued: str | None = None
    is_free: bool = False
    before: "Clock | None" = None
    taken_back: bool = False

    def note(self, kind: str, at: int, facts: Mapping[str, Any]) -> None:
        if kind == "offer_made":
            self.offers += 1
        elif kind == "call_accepted":
            self.accepted = True
        elif kind in {"caller_lost", "caller_back"}:
            self.lost = at if kind == "caller_lost" else None
        elif kind == "eye_counted":
            windows = max(0, whole(facts.get("windows")) or 0)
            self.watched_s += windows
            self.legible_s += min(windows, max(0, whole(facts.get("legible")) or 0))
        else:
            self.stop(kind, at, facts)

    def stop(self, kind: str, at: int, facts: Mapping[str, Any]) -> None:
        if kind == "call_answered" and self.t1 is None:
            if word(facts.get("evidence")) in EVIDENCE:
                self.t1, self.seen_accepted = at, self.accepted
        elif kind == "call_left" and self.t1 is None:
            self.way = word(facts.get("way")) or "unknown"
        elif kind == "call_ended" and self.ended is None:
            self.ended = whole(facts.get("ended_at_us")) or at
            self.reason = word(facts.get("reason"))

    @property
    def half(self) -> int:
        return self.t0 // HALF_HOUR

    def stopped(self, now: int) -> int:
        """T1, the moment of leaving or of loss, else now."""
        if self.t1 is not None:
            return self.t1
        if self.ended is None:
            return now
        left = self.reason in CALLER_LEFT or self.reason == "no_one_there"
        return self.lost if left and self.lost is not None else self.ended

    def outcome(self) -> str:
        if self.unqueued is not None:
            return self.unqueued
        if self.way is not None or (self.t1 is None and self.reason in ANOTHER_WAY):
            return "left_another_way"
        if self.t1 is not None:
            return "answered"
        if self.ended is None:
            return "waiting"
        if self.reason in CALLER_LEFT:
            return "short" if self.stopped(0) - self.t0 < 5 * SECOND else "abandoned"
        known = self.reason in {"no_one_there", "technical_caller"}
        return str(self.reason) if known else "technical"

    def judged(self, now: int) -> tuple[str, int, bool, bool]:
        """Tell the outcome, the wait, and whether it is in time, or a breach."""
        outcome, wait = self.outcome(), max(0, self.stopped(now) - self.t0)
        within = wait <= self.terms.target_us
        if outcome == "answered":
            in_time = self.seen_accepted and within
            return outcome, wait, in_time, not in_time
        return (
            outcome,
            wait,
            False,
            outcome in OURS or not (outcome in NO_BREACH or within),
        )


def is_marked(body: Mapping[str, Any], mark: Mapping[str, Any]) -> bool:
    """Tell whether the queue forgot an event; a request, and what servers note, stands."""
    if body["kind"] in {"call_queued", "superseded", *NOTED}:
        return False
    number = re.search(r"-(\d{1,16})@", body["event_id"])
    first, last = mark["facts"].get("first"), mark["facts"].get("last")
    if number is None or not isinstance(first, int) or not isinstance(last, int):
        return False
    return first <= int(number[1]) <= last


@dataclass
class Fold:
    """The rules of the promise, once more: events in the chain's order become clocks."""

    running: dict[str, Clock] = field(default_factory=dict)
    clocks: list[Clock] = field(default_factory=list)
    terms: dict[str, list[Terms]] = field(default_factory=dict)
    open: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    """The events of calls that are not over: the queue may have forgotten some."""
    position: int = 0
    digest: str = ""
    as_of: int = 0

    def add(self, body: Mapping[str, Any]) -> None:
        self.position, self.as_of = body["position"], max(self.as_of, body["at_us"])
        standing = self.taken_back(body)
        if standing is not None:
            clock = self.running.pop(body["call"], None)
            while clock is not None:
                clock.taken_back, clock = True, clock.before
        for one in [body] if standing is None else standing:
            self.take_in(one)

    def taken_back(self, body: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
        """Tell what stands of an open call, where this says what the queue forgot."""
        kind, call = body["kind"], body["call"]
        if call is None:
            return None
        if kind == "call_ended":
            self.open.pop(call, None)
        elif kind == "call_queued":
            self.open.setdefault(call, []).append(body)
        elif call in self.open:
            kept = self.open[call]
            forgets = kind == "superseded" and not body["facts"].get("over")
            if forgets:
                kept[:] = [one for one in kept if not is_marked(one, body)]
            kept.append(body)
            return [*kept] if forgets else None
        return None

    def take_in(self, body: Mapping[str, Any]) -> None:
        kind, call, facts = body["kind"], body["call"], body["facts"]
        if kind == "terms_set":
            if terms := Terms.read(facts):
                self.terms.setdefault(body["service"] or "", []).append(terms)
        elif kind == "call_queued":
            self.queued(body)
        elif kind in UNQUEUED:
            self.unqueued(body)
        elif kind in {"call_transferred", "not_understood"}:
            self.leg(body)
        elif call in self.running:
            if kind == "superseded" and facts.get("gone"):
                clock = self.running[call]
                clock.ended, clock.reason = body["at_us"], "technical"
            self.running[call].note(kind, body["at_us"], facts)

    def queued(self, body: Mapping[str, Any]) -> None:
        call, facts = body["call"], body["facts"]
        if call is None:
            return
        clock = self.running.get(call) or self.begin(call, body)
        if facts.get("adopted") and clock.unqueued is None:
            clock.ended = clock.reason = clock.lost = None
        clock.service = body["service"] or ""
        clock.topic = word(facts.get("topic"))

    def begin(self, call: str, body: Mapping[str, Any], to: str | None = None) -> Clock:
        service, t0 = to or body["service"] or "", body["at_us"]
        told = [one for one in self.terms.get(service, ()) if one.valid_from_us <= t0]
        clock = Clock(call, service, t0, told[-1] if told else Terms())
        self.running[call] = clock
        self.clocks.append(clock)
        return clock

    def unqueued(self, body: Mapping[str, Any]) -> None:
        name = body["call"] or body["event_id"]
        if name in self.running or body["facts"].get("recovered"):
            return
        clock = self.begin(name, body)
        clock.topic = word(body["facts"].get("topic"))
        clock.ended, clock.reason = body["at_us"], word(body["facts"].get("reason"))
        clock.unqueued = body["kind"].removeprefix("call_")

    def leg(self, body: Mapping[str, Any]) -> None:
        if body["call"] is None:
            return
        facts, before = body["facts"], self.running.pop(body["call"], None)
        if before is not None and before.ended is None:
            before.ended, before.reason = body["at_us"], body["kind"]
        to = word(facts.get("to_service"))
        clock = self.begin(body["call"], body, to)
        clock.leg, clock.before = whole(facts.get("leg")) or 1, before
        stays = before is not None and clock.service == body["service"]
        kept = before.topic if stays and before is not None else None
        clock.topic = word(facts.get("topic")) or kept
        if before is not None:
            clock.is_free = before.is_free or before.judged(body["at_us"])[3]


def denominator(day: Mapping[str, int]) -> int:
    counted = ("answered", "abandoned", "left_another_way", "no_one_there", "technical")
    excused = day["offered"] // 50
    return (
        sum(day[name] for name in counted)
        + day["refused"]
        + day["waiting_late"]
        + max(0, day["technical_caller"] - excused)
    )


def level(part: int, of: int) -> dict[str, int | None]:
    return {"part": part, "whole": of, "shown": part * 10_000 // of if of > 0 else None}


def counted(clock: Clock, now: int) -> dict[str, int]:
    """Tell what one clock adds to which counters."""
    outcome, wait, in_time, breach = clock.judged(now)
    eye = {
        "watched": clock.watched_s > 0,
        "watched_s": clock.watched_s,
        "legible_s": clock.legible_s,
    }
    if clock.leg:
        answered = outcome == "answered"
        later = {"later_legs": 1, "later_answered": answered}
        return eye | later | {"later_in_time": in_time, "later_breaches": breach}
    left = outcome in {"abandoned", "short"}
    return eye | {
        "offered": outcome != "closed",
        outcome: 1,
        "in_time": in_time,
        "left_in_target": left and wait <= clock.terms.target_us,
        "waiting_late": outcome == "waiting" and breach,
        "breaches": breach,
        "reoffers": max(0, clock.offers - 1),
    }


class Sums:
    """What clocks come to, while they are counted in the order of their T0."""

    def __init__(self) -> None:
        self.all = dict.fromkeys(COUNTERS, 0)
        self.excess = dict.fromkeys(COUNTERS, 0)
        self.days: dict[str, tuple[dict[str, int], dict[str, int]]] = {}
        self.offered: dict[tuple[str, int], int] = {}
        self.billed: dict[tuple[str, str, int], list[int]] = {}
        self.topics: dict[str, int] = {}
        self.answered: list[int] = []
        self.left: list[int] = []
        self.everybody: list[int] = []

    def add(self, clock: Clock, now: int) -> None:
        day = paris(clock.t0).date().isoformat()
        if day not in self.days:
            none = dict.fromkeys(COUNTERS, 0)
            self.days[day] = (none, dict(none))
        of_day, of_days_guarantee = self.days[day]
        is_excess = self.is_beyond(clock)
        for name, count in counted(clock, now).items():
            self.all[name] += count
            of_day[name] += count
            (self.excess if is_excess else of_days_guarantee)[name] += count
        self.bill(clock, now)
        if clock.leg == 0:
            self.wait(clock, now)

    def is_beyond(self, clock: Clock) -> bool:
        """Tell whether a call came beyond the forecast of its half-hour, and 15 %."""
        place, is_first = (clock.service, clock.half), clock.leg == 0
        if not is_first or clock.unqueued == "closed":
            return False
        before = self.offered.get(place, 0)
        self.offered[place] = before + 1
        if not clock.terms.forecast:
            return False
        there = paris(clock.half * HALF_HOUR)
        in_week = there.weekday() * 48 + there.hour * 2 + there.minute // 30
        return before >= clock.terms.forecast[in_week] * 115 // 100

    def wait(self, clock: Clock, now: int) -> None:
        outcome, wait, _, _ = clock.judged(now)
        if clock.topic:
            self.topics[clock.topic] = self.topics.get(clock.topic, 0) + 1
        if outcome == "answered":
            self.answered.append(wait)
        if outcome in {"abandoned", "short"}:
            self.left.append(wait)
        if outcome != "closed":
            self.everybody.append(wait)

    def bill(self, clock: Clock, now: int) -> None:
        if clock.t1 is None or clock.ended is None:
            return
        tariff = clock.service, clock.terms.offer, clock.terms.per_minute
        sums = self.billed.setdefault(tariff, [0, 0, 0])
        if clock.judged(now)[3] or clock.is_free:
            sums[2] += 1
        else:
            sums[0] += 1
            sums[1] += max(0, clock.ended - clock.t1) // SECOND


def waits(ordered: Sequence[int]) -> dict[str, int | None]:
    """Tell the percentiles by nearest rank, the longest, and the mean."""
    count = len(ordered)
    told: dict[str, int | None] = {
        f"p{percent}": ordered[-(-count * percent // 100) - 1] if count else None
        for percent in (50, 90, 95, 99)
    }
    told["max"] = ordered[-1] if count else None
    told["mean"] = sum(ordered) // count if count else None
    return told | {"count": count}


def histogram(ordered: Sequence[int]) -> list[int]:
    """Count the waits up to each edge since the one before, and those beyond all."""
    counts = [0] * (len(EDGES) + 1)
    for wait in ordered:
        counts[sum(wait > edge * SECOND for edge in EDGES)] += 1
    return counts


def patience(left: Sequence[int], everybody: Sequence[int]) -> list[list[int]]:
    """Tell for each 5 s: who still waited at its begin, and who left before its end."""
    risk, gone = [0] * 37, [0] * 37
    for wait in everybody:
        for step in range(min(wait // (5 * SECOND), 36) + 1):
            risk[step] += 1
    for wait in left:
        gone[min(wait // (5 * SECOND), 36)] += 1
    return [[5 * step, risk[step], gone[step]] for step in range(37)]


def figures(fold: Fold, company: str, window: str, service: str | None) -> Any:
    """Compute what we say of a month (`2026-11`) of a company, or of one service."""
    mine = [
        clock
        for clock in fold.clocks
        if not clock.taken_back
        and paris(clock.t0).strftime("%Y-%m") == window
        and service in {None, clock.service}
    ]
    sums = Sums()
    for clock in sorted(mine, key=lambda one: (one.t0, one.call, one.leg)):
        sums.add(clock, fold.as_of)
    every, left = sums.all, sums.all["abandoned"] + sums.all["short"]
    answered, in_time = every["answered"], every["in_time"]
    within, everybody = every["left_in_target"], sorted(sums.everybody)
    days = [
        {
            "date": day,
            "counters": counters,
            "level": level(held["in_time"], denominator(held)),
        }
        for day, (counters, held) in sorted(sums.days.items())
    ]
    tariff = ("service", "offer", "per_minute", "lines", "seconds", "free_lines")
    return {
        "company": company,
        "service": service,
        "window": window,
        "rules": 1,
        "position": fold.position,
        "as_of_us": fold.as_of,
        "counters": every,
        "excess": sums.excess,
        "level": level(
            sum(held["in_time"] for _, held in sums.days.values()),
            sum(denominator(held) for _, held in sums.days.values()),
        ),
        "formulas": {
            "f1": level(in_time + within, answered + left),
            "f2": level(in_time, answered),
            "f3": level(in_time, answered + left),
            "f4": level(in_time, answered + left - within),
            "f5": level(in_time + every["short"], answered + left),
        },
        "waits": waits(sorted(sums.answered)),
        "histogram": histogram(sums.answered),
        "longest_us": everybody[-1] if everybody else None,
        "patience": patience(sums.left, everybody),
        "topics": sums.topics,
        "billed": [
            dict(zip(tariff, (*who, *line), strict=True))
            for who, line in sorted(sums.billed.items())
        ],
        "days": days,
    }


# ------------------------------------------------------------------------- statements


def at_the_end(fold: Fold, month: str) -> dict[str, Terms]:
    """Find the terms of each service at the end of a month."""
    found = {}
    for service, told in fold.terms.items():
        valid = [
            one for one in told if paris(one.valid_from_us).strftime("%Y-%m") <= month
        ]
        if valid:
            found[service] = valid[-1]
    return found


def invoice(fold: Fold, whole: Mapping[str, Any]) -> dict[str, Any]:
    """Price a month: each line is rounded once, half a cent upwards."""
    minute = 60 * 10_000
    usage = [
        line
        | {"cents": (2 * line["seconds"] * line["per_minute"] + minute) // (2 * minute)}
        for line in whole["billed"]
    ]
    fixed = [
        {
            "service": service,
            "offer": terms.offer,
            "version": terms.version,
            "cents": terms.fixed_cents,
        }
        for service, terms in sorted(at_the_end(fold, whole["window"]).items())
        if terms.fixed_cents
    ]
    return {
        "usage": usage,
        "fixed": fixed,
        "cents": sum(line["cents"] for line in (*usage, *fixed)),
        "rounding": "once for each line: half a cent upwards",
    }


@dataclass
class Statement:
    """A signed monthly statement, and what an export says of the same month."""

    told: Mapping[str, Any]
    signature: str
    fold: Fold = field(default_factory=Fold)

    @classmethod
    def read(cls, text: str) -> "Statement":
        """Read the file of a statement.

        Raises:
            NoSuchFileError: it is none.
        """
        facts = read_canonical(text.removesuffix("\n"))
        try:
            told, signature = (facts or {})["statement"], (facts or {})["signature"]
            bytes.fromhex(signature)
            numbers = told["position"], told["illico_statement"]
            if [type(each) for each in numbers] == [int, int] and numbers[1] == 1:
                return cls(told, signature)
        except (KeyError, TypeError, ValueError):
            pass
        raise NoSuchFileError("it is no statement of Illico's ledger")

    def check(self, company: str, keys: Mapping[str, Key]) -> None:
        """Check that it is signed, and that the links say what it says."""
        told, month = self.told, self.told["month"]
        key, words = keys.get(told["key"]), STATEMENT + canonical(told).encode()
        if key is None or not key.signed(words, self.signature):
            raise Fault("the statement is not signed by a key that is listed")
        whole = figures(self.fold, company, month, None)
        ours = {
            "company": company,
            "position": self.fold.position,
            "digest": self.fold.digest,
            "report": whole,
            "services": [
                figures(self.fold, company, month, each["service"])
                for each in told["services"]
            ],
            "terms": {
                name: terms._asdict()
                for name, terms in at_the_end(self.fold, month).items()
            },
            "invoice": invoice(self.fold, whole),
        }
        for name, value in ours.items():
            if canonical(value) != canonical(told[name]):
                raise Fault(f"the statement says another {name} than the links")


# ------------------------------------------------------------------------------ links


def has_the_shape(body: Mapping[str, Any]) -> bool:
    if body.keys() != BODY.keys() or body["format"] != 1:
        return False
    return all(type(body[name]) in kinds for name, kinds in BODY.items())


@dataclass
class Walk:
    """A walk along the links, from the one after `position` on."""

    company: str
    position: int
    digest: str
    known: Mapping[int, Head | End]
    seen: set[str] = field(default_factory=set)
    vouched: int = 0
    """The last position whose digest a head gave."""
    fold: Fold | None = None
    """Takes in the events up to this link, where figures are asked for."""
    up_to: int = 2**53

    def start(self) -> None:
        if self.position == 0:
            begin = hashlib.sha256(GENESIS + self.company.encode()).hexdigest()
            if self.digest != begin:
                raise self.fault("the chain does not begin as this company's does")
        self.compare()

    def step(self, line: Mapping[str, Any]) -> None:
        """Check one link and go on to it."""
        if set(line) != {"body", "digest"} or not isinstance(line["body"], str):
            raise self.fault("this line is no link")
        body = read_canonical(line["body"])
        if body is None or not has_the_shape(body):
            raise self.fault("the body is not in the one form that is hashed")
        if body["position"] != self.position + 1:
            raise self.fault(f"it is missing (found {body['position']})")
        if body["company"] != self.company:
            raise self.fault("it is of another company")
        event = body["event_id"]
        if event in self.seen:
            raise self.fault("its event was there before")
        text = LINK + bytes.fromhex(self.digest) + line["body"].encode("ascii")
        if hashlib.sha256(text).hexdigest() != line["digest"]:
            raise self.fault("it does not follow the link before it")
        self.seen.add(event)
        self.position, self.digest = self.position + 1, line["digest"]
        self.compare()
        if self.fold is not None and self.position <= self.up_to:
            self.fold.add(body)
            self.fold.digest = self.digest

    def compare(self) -> None:
        """Compare where we are with the head that was given out here, if one was."""
        head = self.known.get(self.position)
        if head is None:
            return
        if head.digest != self.digest:
            self.position -= 1  # the link that we just came to is the bad one
            raise self.fault(f"its digest is not that of the head of {head.day}")
        self.vouched = self.position

    def end(self, told: Any) -> None:
        """Check that the walk ended where the export and the heads say."""
        if told != {"position": self.position, "digest": self.digest}:
            raise self.fault("the export's last line names another end")
        later = [head for head in self.known.values() if head.position > self.position]
        if later:
            newest = max(later, key=lambda head: head.position)
            what = f"the chain was cut: the head of {newest.day} is of link"
            raise self.fault(f"{what} {newest.position}")

    def fault(self, what: str) -> Fault:
        place = self.position + 1
        return Fault(what, place, self.vouched + 1 if self.known else place)


# ------------------------------------------------------------------------------ whole


@dataclass(frozen=True)
class Report:
    """All holds: which links, and how far heads that you kept vouch for them."""

    company: str
    first: int
    last: int
    digest: str
    kept: int
    """How many of your heads lie in this export."""
    vouched: int
    """The last link that one of them vouches for."""
    signed: str | None
    """When the end was signed by us, where it was."""

    @property
    def sentences(self) -> Iterator[str]:
        name = self.company or "(the pool)"
        yield f"{name}: links {self.first} to {self.last} hold, the last is {self.digest}"
        if self.vouched:
            yield f"{self.kept} heads that you kept fit, up to link {self.vouched}"
        if self.vouched < self.last:
            yield f"from link {self.vouched + 1} on, no head that you kept vouches for it"
        if self.signed:
            yield f"its end was signed on {self.signed}: keep the file, it vouches for it"


def check(
    lines: Iterable[bytes],
    kept: Sequence[Told] = (),
    fold: Fold | None = None,
    up_to: int = 2**53,
    named: Sequence[str] = (),
    *,
    statement: Statement | None = None,
) -> Report:
    """Check an export, line by line; let a fold of figures read along.

    Raises:
        Fault: something is broken.
        NoSuchFileError: it is no export, or what was kept is of another ledger.
    """
    lines = iter(lines)
    first = _object(next(lines, b""))
    if first is None or first.get("illico_export") != 1:
        raise NoSuchFileError("it is no export of Illico's ledger")
    told = Told.read(first)
    mine = [one for one in kept if one.company == told.company]
    heads = _kept_heads(mine)
    listed, trouble = _known(told, mine, heads, named)
    ends = [end for one in mine for end in one.ends]
    known: dict[int, Head | End] = dict(listed)
    known.update({end.position: end for end in ends})
    begin, digest = _begin(first.get("from"))
    if fold is not None and begin:
        raise NoSuchFileError("figures need an export from the first link on")
    walk = Walk(told.company, begin, digest, known, fold=fold, up_to=up_to)
    last = _walk(walk, lines)
    if trouble is not None:
        raise trouble
    signed = _signed_end(walk, last, told.keys)
    vouching: list[Head | End] = [*heads, *ends]
    inside = [one.position for one in vouching if one.position >= begin]
    if statement is not None:
        mine_keys = [key for one in mine for key in one.keys]
        statement.check(told.company, trusted_keys(told.keys, mine_keys, named))
    return Report(
        told.company,
        begin + 1,
        walk.position,
        walk.digest,
        len(inside),
        max(inside, default=0),
        signed,
    )


def _signed_end(walk: Walk, last: Mapping[str, Any], keys: Sequence[Key]) -> str | None:
    """Tell when the end of an export was signed, where it was."""
    if "signed" not in last:
        return None
    try:
        facts = {**last["signed"], "position": walk.position, "digest": walk.digest}
        told = {"company": walk.company, "heads": [], "keys": [], "now": facts}
        (end,) = Told.read(told).ends
    except (TypeError, NoSuchFileError) as error:
        raise walk.fault("the signature of the last line cannot be read") from error
    if not is_by(end, {key.id: key for key in keys}):
        raise walk.fault("the last line is not signed by a key that is listed")
    return end.day


def _begin(told: Any) -> tuple[int, str]:
    """Read after which link an export begins."""
    try:
        position, digest = told["position"], told["digest"]
        if type(position) is int and position >= 0 and len(bytes.fromhex(digest)) == 32:
            return position, digest
    except (KeyError, TypeError, ValueError):
        pass
    raise NoSuchFileError("its first line does not say where it begins")


def _kept_heads(kept: Sequence[Told]) -> list[Head]:
    """List the heads that were kept; one that nobody signed proves nothing."""
    heads = []
    for one in kept:
        keys = {key.id: key for key in one.keys}
        for head in one.heads:
            if not is_by(head, keys):
                raise NoSuchFileError(f"the kept head of {head.day} is not signed")
            heads.append(head)
        for end in one.ends:
            if not is_by(end, keys):
                raise NoSuchFileError(f"the kept end of {end.day} is not signed")
    return heads


def _known(
    told: Told, kept: Sequence[Told], heads: Sequence[Head], named: Sequence[str]
) -> tuple[dict[int, Head], Fault | None]:
    """Find what to compare the links with, and what is wrong with heads and keys.

    A head that you kept counts for more than one that the export tells.
    """
    mine = {head.position: head for head in heads}
    try:
        mine_keys = [key for one in kept for key in one.keys]
        keys = trusted_keys(told.keys, mine_keys, named)
        check_heads(told, keys)
    except Fault as fault:
        return mine, fault
    known = {head.position: head for head in told.heads} | mine
    try:
        check_kept(told, heads)
    except Fault as fault:
        return known, fault
    return known, None


def _walk(walk: Walk, lines: Iterator[bytes]) -> dict[str, Any]:
    """Walk the links to the last line, which it tells."""
    walk.start()
    for raw in lines:
        line = _object(raw)
        if line is None:
            raise walk.fault("this line is not in the one form that we write")
        if "end" in line:
            if next(lines, None) is not None:
                raise walk.fault("something follows the last line")
            walk.end(line["end"])
            return line
        walk.step(line)
    raise walk.fault("the export ends before its last line")


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        return read_canonical(raw.decode("ascii").removesuffix("\n"))
    except UnicodeDecodeError:
        return None


# ---------------------------------------------------------------------------- program


def read_kept(text: bytes) -> list[Told]:
    """Read a file of kept heads: one JSON object a line.

    Raises:
        NoSuchFileError: it is none.
    """
    kept = []
    for line in filter(bytes.strip, text.splitlines()):
        try:
            facts = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise NoSuchFileError("it is no file of heads") from error
        if not isinstance(facts, dict) or facts.get("illico_heads") != 1:
            raise NoSuchFileError("it is no file of heads")
        kept.append(Told.read(facts))
    return kept


def lines_of(file: Path) -> Iterator[bytes]:
    """Read the lines, also of a compressed file; one that was cut misses the last."""
    with file.open("rb") as raw:
        if file.suffix != ".gz":
            yield from raw
            return
        with contextlib.suppress(EOFError, zlib.error):
            yield from gzip.GzipFile(fileobj=raw)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check an export of Illico's ledger.")
    parser.add_argument("export", type=Path)
    parser.add_argument("--heads", type=Path, nargs="*", default=[], metavar="HEADS")
    parser.add_argument("--key", nargs="*", default=[], metavar="ID")
    parser.add_argument("--month", metavar="YYYY-MM", help="compute its figures, too")
    parser.add_argument("--service", metavar="ID", help="of one service alone")
    parser.add_argument("--up-to", type=int, default=2**53, metavar="LINK")
    parser.add_argument("--statement", type=Path, help="check this one, too")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    fold, up_to, statement = Fold() if given.month else None, given.up_to, None
    try:
        kept = [one for file in given.heads for one in read_kept(file.read_bytes())]
        if given.statement:
            statement = Statement.read(given.statement.read_text(encoding="utf-8"))
            fold, up_to = statement.fold, statement.told["position"]
        lines = lines_of(given.export)
        report = check(lines, kept, fold, up_to, given.key, statement=statement)
    except Fault as fault:
        facts = {"holds": False, "link": fault.link, "first": fault.first}
        _tell(given.json, facts | {"what": fault.what}, [fault.sentence])
        return 1
    except (NoSuchFileError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    facts = {name: getattr(report, name) for name in Report.__annotations__}
    sentences = [*report.sentences]
    if statement is not None:
        sentences.append(
            f"the statement of {statement.told['month']} says what they say"
        )
    if fold is not None and given.month:
        found = figures(fold, report.company, given.month, given.service)
        facts["figures"] = found
        sentences.append(canonical(found))
    _tell(given.json, {"holds": True, **facts}, sentences)
    return 0


def _tell(as_json: bool, facts: Mapping[str, Any], sentences: Iterable[str]) -> None:  # noqa: FBT001
    told = [json.dumps(facts)] if as_json else sentences
    sys.stdout.writelines(f"{line}\n" for line in told)


if __name__ == "__main__":
    sys.exit(main())
