import itertools
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from illico import ports
from illico.errors import PortTakenError


def chosen(first=8600, portal=8601, *, signaling=1, taken=()):
    return ports.choose(
        first,
        portal,
        signaling=signaling,
        is_free=lambda port: port not in taken,
        any_free=lambda: 55555,
    )


def test_the_second_signaling_process_listens_a_hundred_further():
    assert chosen(signaling=3).signaling == (8600, 8700, 8800)


def test_a_taken_further_port_is_replaced_by_any_free_one():
    assert chosen(signaling=2, taken={8700}).signaling == (8600, 55555)


def test_beyond_the_last_port_any_free_one_is_taken():
    assert chosen(first=65500, signaling=2).signaling == (65500, 55555)


def test_the_portal_keeps_its_port():
    assert chosen(portal=8700, signaling=2).signaling == (8600, 55555)


@pytest.mark.parametrize(
    ("taken", "option"), [(8600, "--port"), (8601, "--portal-port")]
)
def test_a_taken_port_that_was_asked_for_is_refused_by_its_number(taken, option):
    with pytest.raises(PortTakenError, match=f"{taken}.*{option}"):
        chosen(taken={taken})


def test_pages_and_portal_cannot_share_a_port():
    with pytest.raises(PortTakenError, match="8600"):
        chosen(portal=8600)


@given(st.integers(1, 64), st.integers(1, 60000), st.integers(64, 5000))
def test_relays_share_udp_ports_without_overlap(relays, low, size):
    ranges = ports.share_out(f"{low}-{low + size - 1}", relays)

    ends = [tuple(map(int, each.split("-"))) for each in ranges]
    flat = [end for pair in ends for end in pair]
    assert len(ranges) == relays
    assert flat == sorted(flat)
    assert all(a[1] < b[0] for a, b in itertools.pairwise(ends))
    assert low <= flat[0]
    assert flat[-1] <= low + size - 1


@pytest.mark.parametrize("words", ["100-99", "0-10", "65000-65536", "100-101"])
def test_a_range_that_is_none_or_too_small_is_refused(words):
    with pytest.raises(ValueError):
        ports.share_out(words, 3)


def test_a_port_that_somebody_listens_on_is_not_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not ports.is_free("127.0.0.1", port)
    assert ports.is_free("127.0.0.1", ports.any_free("127.0.0.1"))
