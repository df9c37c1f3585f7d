"""A leg is reached at the address that the operator advertises, whatever its family."""

import socket

import pytest

from illico import lan
from tests.integration.relay.peers import HERE, a_leg, a_peer, meet

HERE_6 = "::1"


def has(address):
    """Whether this machine has an address, so that a leg could be reached there."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True


@pytest.mark.parametrize("host", [HERE, HERE_6, *lan.addresses()])
async def test_a_browser_gets_through_to_the_advertised_address(host):
    if not has(host):
        pytest.skip(f"this machine has no {host}")
    async with a_leg(host) as leg, a_peer(host) as peer:
        assert [address for address, _ in leg.transport.candidates] == [host]
        assert await meet(leg, peer)
