"""How many further calls a relay says it has ports for."""

import pytest

from relay.transport.ports import PortRange, anywhere, room


@pytest.mark.parametrize(
    ("seats", "legs", "calls", "left"),
    [
        (10, 0, 0, 5),
        (10, 1, 1, 4),  # the agent's leg will come
        (10, 3, 1, 3),  # a third one watches
        (10, 9, 4, 0),  # one leg finds a port, a call does not
        (10, 10, 6, 0),
    ],
)
def test_a_call_counts_with_the_legs_that_it_will_have(seats, legs, calls, left):
    assert room(seats, legs, calls) == left


def test_every_port_is_tried_once_beginning_after_the_last_one():
    ports = PortRange(40_000, 40_002)

    assert [next(ports.round()), *ports.round()] == [40_000, 40_001, 40_002, 40_000]


def test_a_socket_for_an_address_elsewhere_is_of_the_same_family():
    assert anywhere("198.51.100.7") == "0.0.0.0"
    assert anywhere("2001:db8::7") == "::"
