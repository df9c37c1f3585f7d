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


def states():
    enums = classes("queueing.model", StrEnum)
    return [member.value for enum in enums for member in enum]


def codes(room):
    """The codes of a room's errors, those of the folders inside it too."""
    files = (file.relative_to(ROOT) for file in (ROOT / room).rglob("errors.py"))
    names = [".".join(file.with_suffix("").parts) for file in files]
    errors = [error for name in names for error in classes(name, Exception)]
    found = (getattr(error, "code", None) for error in errors)
    return sorted({code for code in found if isinstance(code, str)})


def rows(folder):
    """The table rows of its README: the word in code type, and what is said of it."""
    readmes = [ROOT / folder / "README.md"]
    if folder in ROOMS:  # a folder inside a room may have one of its own
        readmes += sorted((ROOT / folder).glob("*/README.md"))
    found = {}
    for readme in filter(Path.is_file, readmes):
        for line in readme.read_text().splitlines():
            if row := re.match(r"\|\s*`([^`|]+)`\s*\|(.*)\|\s*$", line):
                found[row[1].strip()] = row[2]
    return found


def promises():
    """Everything that the README of a room owes its reader."""
    for room in ROOMS:
        yield from (pytest.param(room, name) for name in variables(room))
        yield from (pytest.param(room, code) for code in codes(room))
    for name in ("signaling.protocol", "relay.messages", "queueing.messages"):
        room = name.partition(".")[0]
        yield from (pytest.param(room, tag) for tag in messages(name))
    yield from (pytest.param("queueing", state) for state in states())


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


@pytest.mark.parametrize("room", ROOMS)
def test_every_setting_of_a_readme_exists_in_its_room(room):
    documented = {name for name in rows(room) if name.startswith("ILLICO_")}

    assert documented <= set(variables(room))


def test_every_setting_of_the_first_readme_exists_in_some_room():
    documented = {name for name in rows(".") if name.startswith("ILLICO_")}

    read = {name for room in ROOMS for name in variables(room)}
    assert documented <= read | OF_THE_TESTS


@pytest.mark.parametrize("room", ROOMS)
def test_every_setting_is_named_after_us_or_after_a_standard(room):
    assert all(re.match(r"(ILLICO|XDG)_[A-Z0-9_]+\Z", name) for name in variables(room))
