"""docker-compose.yml starts processes that exist, with settings that they read."""

import importlib
import importlib.util
import re
from pathlib import Path

import pytest
import yaml
from pydantic_settings import BaseSettings

from illico import variables
from signaling.participant import FULL_KBPS

ROOT = Path(__file__).parents[2]
ROOMS = ("accounts", "ledger", "queueing", "relay", "signaling")  # `up` is illico's
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = {
    name: service
    for name, service in COMPOSE["services"].items()
    if service.get("image", "").startswith("illico:")
}
GIVEN = {
    "ILLICO_PUBLIC_URL": "https://illico.example",
    "ILLICO_PORTAL_URL": "https://portail.example",
    "ILLICO_RELAY_ADDRESS": "192.0.2.1",
    "TURN_NAME": "turn.illico.example",
}
A_SECRET = "0123456789abcdef0123456789abcdef"


def settings_of(room):
    """The settings class of a room, or nothing where it reads no environment."""
    name = f"{room}.settings"
    if not importlib.util.find_spec(name):
        return None
    kind = importlib.import_module(name).Settings
    assert issubclass(kind, BaseSettings)
    return kind


def variables_of(room):
    kind = settings_of(room)
    fields = kind.model_fields.values() if kind else ()
    return {field.validation_alias for field in fields}


def environment_of(service):
    """What a container reads once an operator has filled in what is asked for."""
    filled = {}
    for name, value in service["environment"].items():
        if value is None:  # passed on if it is set, and here it is not
            continue
        with_default = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(value))
        filled[name] = re.sub(
            r"\$\{(\w+)(:\?[^}]*)?\}",
            lambda found: GIVEN.get(found[1], A_SECRET),
            with_default,
        )
    return filled


def room_of(service):
    python, option, room = service["command"]
    assert (python, option) == ("python", "-m")
    return room


@pytest.mark.parametrize("name", OURS)
def test_every_command_exists(name):
    assert importlib.util.find_spec(f"{room_of(OURS[name])}.__main__")


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_one_that_we_read(name):
    given = {key for key in OURS[name]["environment"] if key.startswith("ILLICO_")}

    read = set().union(*(variables_of(room) for room in ROOMS))
    assert given <= read


@pytest.mark.parametrize("name", OURS)
def test_a_process_is_given_every_variable_of_its_room(name):
    given = set(OURS[name]["environment"])

    assert variables_of(room_of(OURS[name])) <= given


def test_every_variable_of_the_rooms_is_given_somewhere():
    given = set().union(*(service["environment"] for service in OURS.values()))

    assert set().union(*(variables_of(room) for room in ROOMS)) <= given


@pytest.mark.parametrize("name", OURS)
def test_a_process_accepts_what_it_is_given(name, monkeypatch):
    for key, value in environment_of(OURS[name]).items():
        monkeypatch.setenv(key, value)

    assert settings_of(room_of(OURS[name]))()


def asked_for():
    """The variables without which compose does not start."""
    return set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text()))


def test_the_example_of_the_environment_names_what_is_asked_for():
    lines = (ROOT / ".env.example").read_text().splitlines()
    named = [line.partition("=") for line in lines if re.match(r"\w+=", line)]

    assert {name for name, _, _ in named} == asked_for()
    assert not any(value for _, _, value in named), "an example must hold no secret"


def test_the_example_suggests_only_what_compose_passes_on():
    text = (ROOT / ".env.example").read_text()
    suggested = set(re.findall(r"^# (ILLICO_\w+)=", text, re.MULTILINE))

    assert suggested <= set().union(*(each["environment"] for each in OURS.values()))


@pytest.mark.parametrize("ignoring", [".gitignore", ".dockerignore"])
def test_secrets_clips_and_certificates_stay_where_the_operator_put_them(ignoring):
    ignored = {line.strip("/") for line in (ROOT / ignoring).read_text().splitlines()}

    assert {".env", "ledger-key", "lsf", "turn"} <= ignored


def test_the_container_of_the_pages_can_administer():
    given = environment_of(OURS["signaling"])
    ours = {name: str(value) for name, value in given.items()}

    assert variables.check(ours).database_url


def test_turn_lets_the_pictures_of_a_whole_leg_through():
    (limit,) = (
        int(word.removeprefix("--max-bps="))
        for word in COMPOSE["services"]["coturn"]["command"]
        if word.startswith("--max-bps=")
    )

    assert 8 * limit >= 2 * FULL_KBPS * 1000, "bytes a second, bursts included"


def test_every_relay_has_a_name_and_ports_of_its_own():
    relays = [each["environment"] for each in OURS.values() if room_of(each) == "relay"]
    named = environment_of(OURS["signaling"])["ILLICO_RELAYS"].split()
    taken = [
        port
        for each in relays
        for port in range(*map(int, each["ILLICO_RELAY_UDP_PORTS"].split("-")))
    ]

    assert sorted(each["ILLICO_RELAY_ID"] for each in relays) == sorted(
        each.partition("=")[0] for each in named
    )
    assert len(set(taken)) == len(taken)


def test_redis_writes_everything_down_and_forgets_nothing():
    command = " ".join(COMPOSE["services"]["redis"]["command"])

    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_the_image_can_say_what_it_is_for():
    (last,) = re.findall(r"^CMD (.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)

    assert importlib.util.find_spec("illico.__main__")
    assert last == '["illico", "--help"]'


def test_the_image_runs_without_root():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]

    assert users
    assert users[-1] != "root"


@pytest.mark.parametrize("name", OURS)
def test_every_process_uses_the_one_image(name):
    assert OURS[name]["image"] == next(iter(OURS.values()))["image"]
    assert OURS[name]["build"] == "."
