"""Checks an export of Illico's ledger. One file, Python's own library alone, to be read.

    python illico_verify.py EXPORT [--heads HEADS …] [--json]

EXPORT is what `illico ledger export` or the portal gave you (`.gz` is read as well),
HEADS what you were given each day and kept: without it, a chain that was computed anew
as a whole looks just the same. The exit code is 0 when all holds, 1 when something is
broken (the first bad link is named), 2 when a file is no such file.

What is checked, in this order:

1. Keys: each was announced, signed, by the one before it, or you kept it.
2. Heads: each is signed, follows the one before it, and is one that you kept.
3. Links: each body is in the one form that is hashed, its position is the next, its
   event was not there before, and its digest is SHA-256 over the digest before it.
4. Heads against links: at each position the digest is the one that was given out.
"""

import argparse
import contextlib
import gzip
import hashlib
import json
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

# ------------------------------------------------------------------ words and faults

GENESIS = b"illico ledger 1 genesis\n"
LINK = b"illico ledger 1 link\n"
HEAD_GENESIS = b"illico head 1 genesis\n"
HEAD = b"illico head 1\n"
KEY = b"illico key 1\n"
CHANGE = b"illico key change 1\n"

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
        facts = {"old": self.id, "public": new.public, "since_us": new.since_us}
        return self.signed(CHANGE + canonical(facts).encode(), new.signature)


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


@dataclass(frozen=True)
class Told:
    """Heads and keys of one company, as an export or a kept file says them."""

    company: str
    heads: tuple[Head, ...]
    keys: tuple[Key, ...]

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
            told = cls(
                company,
                tuple(Head(company, *each) for each in heads),
                tuple(Key(*each) for each in keys),
            )
            _refuse_odd(told)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise NoSuchFileError(f"its heads cannot be read: {error!r}") from error
        return told


def _refuse_odd(told: Told) -> None:
    told.company.encode()
    for each in (*told.heads, *told.keys):
        kinds = type(each).__annotations__.values()
        if [type(value) for value in each] != [*kinds]:
            raise TypeError(each)
    for head in told.heads:
        bytes.fromhex(head.digest + head.previous + head.key + head.signature)
    for key in told.keys:
        bytes.fromhex(key.public + key.signature)


def trusted_keys(told: Sequence[Key], kept: Sequence[Key]) -> dict[str, Key]:
    """Name the keys that signed: kept ones, and those that a trusted key announced.

    Without a kept one, the first is taken as it is told.
    """
    trusted = {key.id: key for key in kept or told[:1]}
    for old, new in pairwise(told):
        if old.id in trusted and old.announced(new):
            trusted[new.id] = new
    for key in (*told, *kept):
        if key.id not in trusted:
            raise Fault(f"the key {key.id} was not announced by the key before it")
        if key not in told:
            raise Fault(f"the key {key.id}, which you kept, is not listed")
    return trusted


def is_by(head: Head, keys: Mapping[str, Key]) -> bool:
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
    known: Mapping[int, Head]
    seen: set[str] = field(default_factory=set)
    vouched: int = 0
    """The last position whose digest a head gave."""

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

    @property
    def sentences(self) -> Iterator[str]:
        name = self.company or "(the pool)"
        yield f"{name}: links {self.first} to {self.last} hold, the last is {self.digest}"
        if self.vouched:
            yield f"{self.kept} heads that you kept fit, up to link {self.vouched}"
        if self.vouched < self.last:
            yield f"from link {self.vouched + 1} on, no head that you kept vouches for it"


def check(lines: Iterable[bytes], kept: Sequence[Told] = ()) -> Report:
    """Check an export, line by line.

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
    known, trouble = _known(told, mine, heads)
    begin, digest = _begin(first.get("from"))
    walk = Walk(told.company, begin, digest, known)
    _walk(walk, lines)
    if trouble is not None:
        raise trouble
    inside = [head.position for head in heads if head.position >= begin]
    return Report(
        told.company,
        begin + 1,
        walk.position,
        walk.digest,
        len(inside),
        max(inside, default=0),
    )


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
    return heads


def _known(
    told: Told, kept: Sequence[Told], heads: Sequence[Head]
) -> tuple[dict[int, Head], Fault | None]:
    """Find what to compare the links with, and what is wrong with heads and keys.

    A head that you kept counts for more than one that the export tells.
    """
    mine = {head.position: head for head in heads}
    try:
        keys = trusted_keys(told.keys, [key for one in kept for key in one.keys])
        check_heads(told, keys)
    except Fault as fault:
        return mine, fault
    known = {head.position: head for head in told.heads} | mine
    try:
        check_kept(told, heads)
    except Fault as fault:
        return known, fault
    return known, None


def _walk(walk: Walk, lines: Iterator[bytes]) -> None:
    walk.start()
    for raw in lines:
        line = _object(raw)
        if line is None:
            raise walk.fault("this line is not in the one form that we write")
        if "end" in line:
            if next(lines, None) is not None:
                raise walk.fault("something follows the last line")
            walk.end(line["end"])
            return
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
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    try:
        kept = [one for file in given.heads for one in read_kept(file.read_bytes())]
        report = check(lines_of(given.export), kept)
    except Fault as fault:
        facts = {"holds": False, "link": fault.link, "first": fault.first}
        _tell(given.json, facts | {"what": fault.what}, [fault.sentence])
        return 1
    except (NoSuchFileError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    facts = {name: getattr(report, name) for name in Report.__annotations__}
    _tell(given.json, {"holds": True, **facts}, report.sentences)
    return 0


def _tell(as_json: bool, facts: Mapping[str, Any], sentences: Iterable[str]) -> None:  # noqa: FBT001
    told = [json.dumps(facts)] if as_json else sentences
    sys.stdout.writelines(f"{line}\n" for line in told)


if __name__ == "__main__":
    sys.exit(main())
