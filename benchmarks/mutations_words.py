"""Hostile words: offers that no browser would make, and messages of no protocol.

Pure, as `mutations.py`. Messages are made from their classes, so that a new command is
among them from its first day.
"""

import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Final, get_args

import msgspec
from msgspec import inspect

from benchmarks.mutations import scrambled
from relay import messages

HOSTILE: Final = (
    *("", " ", ":", "9" * 5000, "-1", "0", "a=b", "*", "/", "é" * 300, "²", "\u0663"),
    *("4294967296", "18446744073709551616", "1e9", "0x10", "\0", "\u2028", "\t", "%s"),
    *("apt=96", "BUNDLE", "FID", "sha-256", "UDP/TLS/RTP/SAVPF", "inactive"),
)
LONG: Final = 400
"""How often a line is repeated when it is repeated very often."""


def offer(chance: Random, sound: str) -> str:
    """Give an offer that lies: words, lines and attributes changed, doubled, left out."""
    lines = sound.split("\r\n")
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(len(lines))
        match chance.randrange(7):
            case 0:
                del lines[at]
            case 1:
                lines[at:at] = [lines[at]] * chance.choice((1, 2, 40, LONG))
            case 2:
                lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
            case 3:
                lines.insert(at, chance.choice(sound.split("\r\n")))
            case 4:
                lines[at:at] = _section_again(chance, sound)
            case _:
                lines[at] = _other_word(chance, lines[at])
        lines = lines or [""]
    ending = chance.choice(("\r\n", "\r\n", "\r\n", "\n", "\r", "\r\n\r\n"))
    return ending.join(lines)[: messages.MAX_SDP_CHARACTERS]


def _section_again(chance: Random, sound: str) -> list[str]:
    """Give many more sections, of one name or of many."""
    section = ["m=" + part for part in sound.split("m=")[1:]]
    times = chance.choice((1, 2, 31, 33))
    one = chance.choice(section or [""])
    named = chance.random() < 0.5
    return [
        line if not (named and line.startswith("a=mid:")) else f"a=mid:n{n}"
        for n in range(times)
        for line in one.split("\r\n")
    ]


def _other_word(chance: Random, line: str) -> str:
    words = line.replace(":", ": ", 1).split(" ")
    words[chance.randrange(len(words))] = chance.choice(HOSTILE)
    head, _, rest = " ".join(words).partition(": ")
    return f"{head}:{rest}" if rest else head


# --------------------------------------------------------------------- messages


class Commands:
    """Requests of every kind, right and wrong ones, for one life of a relay."""

    def __init__(self, chance: Random, facts: Mapping[str, Sequence[Any]]) -> None:
        """Take what fields may hold by their names, such as ``call`` and ``sdp``."""
        self._chance = chance
        self._facts = facts
        self.kinds: Final[tuple[type[msgspec.Struct], ...]] = get_args(messages.Command)
        self._n = 0

    def sound(self) -> dict[str, Any]:
        """Give a request that the protocol allows, as JSON's objects."""
        self._n += 1
        command = self._struct(self._chance.choice(self.kinds))
        return {
            "type": "request",
            "n": self._n,
            "incarnation": self._pick("incarnation"),
            "command": command,
        }

    def hostile(self) -> str:
        """Give the text of a request that lies, or of none at all."""
        request = self.sound()
        for _ in range(self._chance.randrange(1, 4)):
            self._other(request if self._chance.random() < 0.3 else request["command"])
            if not isinstance(request.get("command"), dict) or not request["command"]:
                break
        text = json.dumps(request, ensure_ascii=self._chance.random() < 0.5)
        match self._chance.randrange(8):
            case 0:
                data = scrambled(self._chance, text.encode("utf-8", "surrogatepass"))
                return data.decode("utf-8", "replace")
            case 1:
                return self._chance.choice(NO_MESSAGES)
            case _:
                return text

    def _other(self, fields: dict[str, Any]) -> None:
        """Leave out, add or change a field of a message."""
        name = self._chance.choice(sorted(fields))
        match self._chance.randrange(6):
            case 0:
                del fields[name]
            case 1:
                fields[self._chance.choice(("x", "", "type", "n", "sdp"))] = 1
            case _:
                fields[name] = self._chance.choice(STRANGE_VALUES)

    def _struct(self, kind: type[msgspec.Struct]) -> dict[str, Any]:
        described = inspect.type_info(kind)
        assert isinstance(described, inspect.StructType)
        filled = {
            field.encode_name: self._value(field.name, field.type)
            for field in described.fields
            if field.required or self._chance.random() < 0.5
        }
        return {"type": described.tag, **filled}

    def _value(self, name: str, kind: inspect.Type) -> Any:
        if name in self._facts:
            return self._pick(name)
        match kind:
            case inspect.EnumType():
                return self._chance.choice(list(kind.cls)).value
            case inspect.UnionType():
                return self._value(name, self._chance.choice(kind.types))
            case inspect.TupleType():
                return [self._value("participant", item) for item in kind.item_types]
            case inspect.VarTupleType():
                times = self._chance.randrange(3)
                return [self._value(name, kind.item_type) for _ in range(times)]
            case _:
                return self._plain(kind)

    def _plain(self, kind: inspect.Type) -> bool | float | str | None:
        match kind:
            case inspect.IntType():
                return self._chance.randint(kind.ge or 0, kind.le or 1 << 40)
            case inspect.FloatType():
                return self._chance.random() * 1e6
            case inspect.BoolType():
                return self._chance.random() < 0.5
            case inspect.NoneType():
                return None
            case _:
                return "word" * self._chance.randrange(1, 4)

    def _pick(self, name: str) -> Any:
        return self._chance.choice(self._facts[name])


STRANGE_VALUES: Final[tuple[Any, ...]] = (
    *(None, True, 0, -1, 1.5, 1 << 31, 1 << 63, 1 << 64, 10**30, 1e308, -0.0, []),
    *({}, [[]], [["a"]], [["a", "b", "c"]], [["", ""]], [1], {"type": "route"}),
    *("", " ", "x" * 97, "x" * 96, "\0", "\ud800", "é" * 96, "../../x", "${jndi}"),
    [["a", "b"]] * 65,
)
NO_MESSAGES: Final = (
    *("", "{}", "[]", "null", "0", '"', "{", "[" * 20_000, '{"a":' * 5_000, "1e999"),
    *('{"type":"hello"}', '{"type":"request"}', '{"type":"welcome"}', "\ufeff{}"),
    '{"type":"request","type":"request","n":1,"n":2}',
    '{"type":"request","n":1,"incarnation":"x","command":{"type":"nothing"}}',
)
