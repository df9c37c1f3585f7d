"""The READMEs and the code say the same: what exists stands in a table, explained."""

import importlib
import importlib.util
import inspect
import re
from enum import StrEnum
from pathlib import Path

import msgspec
import pytest
from pydantic_settings import BaseSettings

ROOT = Path(__file__).parents[2]
ROOMS = ("accounts", "illico", "ledger", "queueing", "relay", "signaling")
PAGES = ("agent_console", "web_client")
OF_THE_TESTS = {"ILLICO_SIGNING_CLIPS"}


def module(name):
    """A module of ours, or nothing where the room needs none of this name."""
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def classes(name, base):
    """The classes that a module itself defines."""
    found = vars(module(name)).values() if module(name) else ()
    return [
        item
        for item in found
        if inspect.isclass(item)
        and issubclass(item, base)
        and item.__module__.startswith(name)
    ]


def variables(room):
    """The variables of the environment that a room reads."""
    return [
        variable
        for kind in classes(f"{room}.settings", BaseSettings)
        for field in kind.model_fields.values()
        for variable in names(field.validation_alias)
    ]


def names(alias):
    assert alias is not None, "name the variable of every setting: validation_alias"
    return [alias] if isinstance(alias, str) else [str(one) for one in alias.choices]


def messages(name):
    """The tags of a module's messages; a class that others extend is none."""
    structs = classes(name, msgspec.Struct)
    return [
        str(struct.__struct_config__.tag)
        for struct in structs
        if struct.__struct_config__.tag is not None
        and not any(struct in other.__bases__ for other in structs)
    ]


def members(name):
    """Every word of a module's enumerations."""
    return [member.value for enum in classes(name, StrEnum) for member in enum]


def codes(room):
    """The codes of a room's errors and HTTP refusals, with the folders inside it."""
    files = (file.relative_to(ROOT) for file in (ROOT / room).rglob("errors.py"))
    names = [".".join(file.with_suffix("").parts) for file in files]
    errors = [error for name in names for error in classes(name, Exception)]
    found = (getattr(error, "code", None) for error in errors)
    sources = [file.read_text() for file in (ROOT / room).rglob("*.py")]
    refused = re.findall(r'refusal\(\s*\d+,\s*"(\w+)"', "\n".join(sources))
    return sorted({code for code in found if isinstance(code, str)} | {*refused})


def tables(folder):
    """The tables of its README by the heading of their first column.

    Of a row whose first cell is one word in code type: the word, and what is said of it.
    """
    readmes = [ROOT / folder / "README.md"]
    if folder in ROOMS:  # a folder inside a room may have one of its own
        readmes += sorted((ROOT / folder).glob("*/README.md"))
    found: dict[str, dict[str, str]] = {}
    heading = before = ""
    for readme in filter(Path.is_file, readmes):
        for line in readme.read_text().splitlines():
            if re.match(r"\|\s*-+\s*\|", line):
                heading = before.split("|")[1].strip()
            elif row := re.match(r"\|\s*`([^`|]+)`\s*\|(.*)\|\s*$", line):
                found.setdefault(heading, {})[row[1].strip()] = row[2]
            before = line
    return found


def rows(folder):
    """Every word that stands in a table of its README, whatever the table is of."""
    return {
        word: meaning
        for table in tables(folder).values()
        for word, meaning in table.items()
    }


def screens(folder):
    """The values of `data-state` that a page may show."""
    rule = (ROOT / folder / "state.js").read_text()
    (union,) = re.findall(r"@typedef \{([^}]*)\} Screen", rule)
    marked = [file.read_text() for file in (ROOT / folder).glob("*.html")]
    return re.findall(r'"([^"]+)"', union) + [
        state for text in marked for state in re.findall(r'data-state="([^"]+)"', text)
    ]


def promises():
    """Everything that the README of a room owes its reader."""
    for room in ROOMS:
        yield from (pytest.param(room, name) for name in variables(room))
        yield from (pytest.param(room, code) for code in codes(room))
    for name in ("signaling.protocol", "relay.messages", "queueing.messages"):
        room = name.partition(".")[0]
        yield from (pytest.param(room, tag) for tag in messages(name))
    for name in ("ledger.model", "queueing.model", "signaling.protocol"):
        room = name.partition(".")[0]
        yield from (pytest.param(room, word) for word in members(name))
    for page in PAGES:
        yield from (pytest.param(page, screen) for screen in screens(page))


def owed():
    """Each promise once: two errors may share a code, two enums a word."""
    known = {}
    for promise in promises():
        known[promise.values] = promise
    return [pytest.param(*values, id="-".join(values)) for values in sorted(known)]


@pytest.mark.parametrize(("room", "word"), owed())
def test_every_word_of_the_code_is_explained_in_its_readme(room, word):
    table = rows(room)

    assert word in table, f"{room}/README.md has no table row | `{word}` | … |"
    assert re.search(r"\w{2}", table[word]), f"{room}/README.md leaves `{word}` empty"


def existing():
    """What the tables of a README may name, by the heading of their first column."""
    for room in ROOMS:
        for heading in ("variable", "setting"):
            yield room, heading, variables(room)
        yield room, "code", codes(room)
    for room in ("queueing", "relay", "signaling"):
        words = messages(f"{room}.{'protocol' if room == 'signaling' else 'messages'}")
        for heading in ("message", "event", "type"):
            yield room, heading, words
    yield "queueing", "word", members("queueing.model")
    yield "signaling", "word", members("signaling.protocol")
    yield "ledger", "outcome", members("ledger.model")
    for page in PAGES:
        yield page, "state", screens(page)


@pytest.mark.parametrize(("folder", "heading", "words"), list(existing()))
def test_a_readme_explains_nothing_that_no_longer_exists(folder, heading, words):
    explained = set(tables(folder).get(heading, {}))

    assert explained <= set(words)


@pytest.mark.parametrize(
    ("folder", "heading"), [(room, "code") for room in ROOMS if codes(room)]
)
def test_the_table_of_codes_is_found(folder, heading):
    assert tables(folder)[heading]


def test_every_setting_of_the_first_readme_exists_in_some_room():
    documented = {name for name in rows(".") if name.startswith("ILLICO_")}

    read = {name for room in ROOMS for name in variables(room)}
    assert documented <= read | OF_THE_TESTS


@pytest.mark.parametrize("room", ROOMS)
def test_every_setting_is_named_after_us_or_after_a_standard(room):
    assert all(re.match(r"(ILLICO|XDG)_[A-Z0-9_]+\Z", name) for name in variables(room))
