"""The wire's words for the pages: JSDoc types made from the protocol.

``python -m signaling.browser_types`` writes ``signaling/browser/wire.js``; with
``--check`` it only says whether the file is what it would write.
"""

import inspect
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec.inspect as kinds

from signaling import protocol

TARGET: Final = Path(__file__).parent / "browser" / "wire.js"

_PRIMITIVES: Final[dict[type[kinds.Type], str]] = {
    kinds.BoolType: "boolean",
    kinds.FloatType: "number",
    kinds.IntType: "number",
    kinds.NoneType: "null",
    kinds.StrType: "string",
}


def generate() -> str:
    """Write the whole module: two constants, each word, each message, two unions."""
    sent = _structs(protocol.ClientMessage)
    received = _structs(protocol.ServerMessage)
    blocks = [
        "// Made by `python -m signaling.browser_types` from signaling.protocol: do not edit.",
        "/** The protocol version that these types describe. */",
        f"export const PROTOCOL_VERSION = {protocol.PROTOCOL_VERSION};",
        "/** The largest message that the server reads, in bytes. */",
        f"export const MAX_MESSAGE_BYTES = {protocol.MAX_MESSAGE_BYTES};",
        *_enums([*sent, *received]),
        *_nested(received),
        *(_typedef(struct, optional=True) for struct in sent),
        *(_typedef(struct, optional=False) for struct in received),
        _union("ClientMessage", "What a page may send.", sent),
        _union("ServerMessage", "What a page may receive.", received),
    ]
    return "\n".join(blocks) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the file, or compare it; the exit code says whether it was right."""
    code = generate()
    if "--check" not in arguments:
        TARGET.write_text(code, encoding="utf-8")
        return 0
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == code:
        return 0
    sys.stderr.write(f"{TARGET.name} is old: run python -m signaling.browser_types\n")
    return 1


def _structs(union: Any) -> list[kinds.StructType]:
    info = kinds.type_info(union)
    members = info.types if isinstance(info, kinds.UnionType) else (info,)
    return [member for member in members if isinstance(member, kinds.StructType)]


def _enums(structs: Sequence[kinds.StructType]) -> Iterator[str]:
    seen: dict[str, kinds.EnumType] = {}
    for kind in _walk(structs):
        if isinstance(kind, kinds.EnumType):
            seen.setdefault(kind.cls.__name__, kind)
    for name, kind in seen.items():
        words = " | ".join(f'"{word.value}"' for word in kind.cls)
        yield _comment([*_sentences(kind.cls), f"@typedef {{{words}}} {name}"])


def _nested(structs: Sequence[kinds.StructType]) -> Iterator[str]:
    seen: dict[str, kinds.StructType] = {}
    for kind in _walk(structs):
        if isinstance(kind, kinds.StructType) and kind.tag is None:
            seen.setdefault(kind.cls.__name__, kind)
    for kind in seen.values():
        yield _typedef(kind, optional=False)


def _walk(structs: Sequence[kinds.Type]) -> Iterator[kinds.Type]:
    for kind in structs:
        yield kind
        if isinstance(kind, kinds.StructType):
            yield from _walk([field.type for field in kind.fields])
        elif isinstance(kind, kinds.UnionType):
            yield from _walk(kind.types)
        elif isinstance(kind, kinds.VarTupleType):
            yield from _walk([kind.item_type])


def _typedef(struct: kinds.StructType, *, optional: bool) -> str:
    """Describe one class; a page may leave out what has a default, the server never."""
    lines = [*_sentences(struct.cls), f"@typedef {{object}} {struct.cls.__name__}"]
    if struct.tag is not None:
        lines.append(f'@property {{"{struct.tag}"}} type')
    for field in struct.fields:
        left_out = optional and not field.required
        name = f"[{field.encode_name}]" if left_out else field.encode_name
        lines.append(f"@property {{{_word(field.type)}}} {name}")
    return _comment(lines)


def _word(kind: kinds.Type) -> str:
    match kind:
        case kinds.EnumType(cls=cls) | kinds.StructType(cls=cls):
            return cls.__name__
        case kinds.VarTupleType(item_type=item):
            return f"readonly {_word(item)}[]"
        case kinds.UnionType(types=members):
            return " | ".join(_word(member) for member in members)
        case _:
            return _PRIMITIVES[type(kind)]


def _union(name: str, sentence: str, structs: Sequence[kinds.StructType]) -> str:
    members = [f"  | {struct.cls.__name__}" for struct in structs]
    return _comment([sentence, "@typedef {(", *members, f")}} {name}"])


def _sentences(cls: type) -> list[str]:
    return (inspect.getdoc(cls) or "").replace("``", "`").splitlines()


def _comment(lines: Sequence[str]) -> str:
    body = "\n".join(f" * {line}".rstrip() for line in lines)
    return f"/**\n{body}\n */"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
