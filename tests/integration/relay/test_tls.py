"""A relay on another machine: the control channel, and the secret in it, under TLS."""

import datetime as dt

import pytest

from illico import ports
from illico.certificate import Names, make
from relay.app import open_relay
from relay.errors import UnreachableError
from relay.settings import Settings
from tests.integration.relay.relays import SECRET, eventually, listening

HERE = "localhost"


@pytest.fixture
def certificate(tmp_path):
    """The relay's certificate for this machine, and its key."""
    names = Names(frozenset({HERE}), frozenset({"127.0.0.1"}))
    files = tmp_path / "relay.pem", tmp_path / "relay.key"
    for file, text in zip(files, make(names, dt.datetime.now(dt.UTC)), strict=True):
        file.write_bytes(text)
    return files


@pytest.fixture
async def door(certificate):
    settings = Settings.model_validate(
        {
            "ILLICO_RELAY_LISTEN": f"tls://{HERE}:{ports.any_free(HERE)}",
            "ILLICO_RELAY_SECRET": SECRET,
            "ILLICO_EYE_WORKERS": "0",
            "ILLICO_TLS_CERTIFICATE": str(certificate[0]),
            "ILLICO_TLS_KEY": str(certificate[1]),
        }
    )
    async with open_relay(settings) as door:
        yield door


async def test_commands_pass_to_a_relay_whose_certificate_is_trusted(door, certificate):
    async with listening(door.address, authority=certificate[0]) as server:
        await server.client.claim(call="c1", participant="caller")

        assert await eventually(server.client.is_alive)
        assert await eventually(lambda: server.client.load)


async def test_a_relay_whose_certificate_nobody_vouches_for_hears_no_secret(door):
    async with listening(door.address) as server:
        with pytest.raises(UnreachableError):
            await server.client.claim(call="c1", participant="caller")

        assert not door.is_connected("s1")


async def test_a_relay_under_tls_serves_nobody_without(door):
    plain = door.address.replace("tls://", "tcp://")
    async with listening(plain) as server:
        with pytest.raises(UnreachableError):
            await server.client.claim(call="c1", participant="caller")


def test_tls_needs_a_certificate_and_its_key():
    with pytest.raises(ValueError, match="ILLICO_TLS_CERTIFICATE"):
        Settings.model_validate(
            {
                "ILLICO_RELAY_LISTEN": "tls://localhost:8610",
                "ILLICO_RELAY_SECRET": SECRET,
            }
        )
