"""A pool laid open: every record, index and lease of one moment. Pure.

Times are the library's whole microseconds, records its own fields: whoever checks the
library must not see it through what smooths it for others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from queueing.catalogue import ScarceReserve
from queueing.errors import LibraryFailedError

Record = Mapping[str, str]
Ranks = Mapping[str, int]
"""The members of a sorted set, in its order, with their scores."""

SKILLS_A_WORD = 10
LEVEL_BITS = 3


@dataclass
class Inventory:
    """What `QueueClient.inventory` read.

    ``whole`` says that nothing was left out for its number; only then are the indexes
    (``waiting``, ``heads``, ``signatures``, ``idle``) and ``leases`` there.
    """

    now: int = 0
    whole: bool = False
    meta: Record = field(default_factory=dict)
    skills: Ranks = field(default_factory=dict)
    calls: dict[str, Record] = field(default_factory=dict)
    agents: dict[str, Record] = field(default_factory=dict)
    rests: dict[str, Ranks] = field(default_factory=dict)
    counts: dict[str, Ranks] = field(default_factory=dict)
    waiting: dict[str, Ranks] = field(default_factory=dict)
    heads: dict[str, Ranks] = field(default_factory=dict)
    signatures: dict[tuple[str, str], Ranks] = field(default_factory=dict)
    idle: dict[str, Ranks] = field(default_factory=dict)
    leases: Ranks = field(default_factory=dict)

    def in_state(self, *states: str) -> list[tuple[str, Record]]:
        """Name the calls in one of these states, those with the first deadline first."""
        found = [(i, c) for i, c in self.calls.items() if c["state"] in states]
        return sorted(found, key=lambda call: (int(call[1]["deadline"]), call[0]))

    def levels(self, signature: str) -> dict[str, int]:
        """Read what is required, or what a profile can do, as skills and levels."""
        mask = signature.partition("/")[0].rstrip("r")
        words = [int(word) for word in mask.split(".") if word]
        found = {}
        for skill, place in self.skills.items():
            word, shift = divmod(place, SKILLS_A_WORD)
            bits = words[word] >> LEVEL_BITS * shift & 7 if word < len(words) else 0
            if bits:
                found[skill] = bits.bit_count()
        return found

    def dropped(self, signature: str) -> frozenset[str]:
        """Read which scarce skills a widening has dropped."""
        places = signature.partition("/")[2].split(",")
        return frozenset(s for s, place in self.skills.items() if str(place) in places)

    def reserves(self) -> tuple[ScarceReserve, ...]:
        """Read how many agents are kept for which scarce skills."""
        names = {str(place): skill for skill, place in self.skills.items()}
        parts = (part.split(":") for part in self.meta.get("scarce", "").split())
        return tuple(ScarceReserve(names[place], int(keep)) for place, keep in parts)


def calls_reserve(signature: str) -> bool:
    """Say whether a signature calls the reserve; or, of a profile, is the reserve's."""
    return signature.partition("/")[0].endswith("r")


def read_inventory(rows: Iterable[Sequence[str]]) -> Inventory:
    """Read the rows of the library's function; each says what it is."""
    found = Inventory()
    named = {"call": found.calls, "agent": found.agents}
    ranked = {
        "rests": found.rests,
        "count": found.counts,
        "waiting": found.waiting,
        "live": found.heads,
        "idle": found.idle,
    }
    for kind, *row in rows:
        if kind in named:
            named[kind][row[0]] = _record(row[1:])
        elif kind in ranked:
            ranked[kind][row[0]] = _ranks(row[1:])
        elif kind == "calls":
            found.signatures[row[0], row[1]] = _ranks(row[2:])
        else:
            _alone(found, kind, row)
    return found


def _alone(found: Inventory, kind: str, row: Sequence[str]) -> None:
    """Read a row of which there is one."""
    match kind:
        case "now":
            found.now = int(row[0])
        case "whole":
            found.whole = True
        case "meta":
            found.meta = _record(row)
        case "skills":
            found.skills = _ranks(row)
        case "leases":
            found.leases = _ranks(row)
        case _:
            raise LibraryFailedError(f"an inventory has no rows of {kind}")


class _Fields(dict[str, str]):
    """A record: a field that is empty need not be stored."""

    def __missing__(self, _: str) -> str:
        return ""


def _record(flat: Sequence[str]) -> _Fields:
    return _Fields(zip(flat[::2], flat[1::2], strict=True))


def _ranks(flat: Sequence[str]) -> Ranks:
    return {name: int(float(score)) for name, score in _record(flat).items()}
