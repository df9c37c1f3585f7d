"""The benchmark of relays runs through, and packets arrive by each of them."""

import pytest
from rich.console import Console

from benchmarks import janus
from benchmarks.packets import film
from benchmarks.relay_calls import calls_per_core, growth
from benchmarks.relay_delay import added_latency
from benchmarks.relay_figures import MEDIA_RELAY, OURS
from benchmarks.relay_race import race


@pytest.fixture(scope="module")
def shown():
    """About as many packets as 720p30 makes, of pictures that are quickly encoded."""
    return film(seconds=2, size=(640, 360), kbps=2600)


@pytest.fixture
def console():
    return Console(quiet=True)


async def test_the_same_stream_goes_through_every_relay(shown, console):
    figures = await race(
        film=shown,
        rounds=1,
        seconds=1.0,
        streams=2,
        console=console,
        janus_modes=["threads"],
    )

    assert figures["relay_us_per_packet"] > 0
    assert figures["mediarelay_us_per_frame"] > 0
    assert {"mediarelay_ratio", "extra_output_us", "srtp_profile"} <= figures.keys()
    assert {"NACK and RTX", "RR", "SR"} <= set(figures["features"][OURS])
    assert MEDIA_RELAY in figures["features"]
    if janus.installed():
        assert figures["janus_mode"] == "threads"
        assert figures["ratio_to_janus"] > 0
    else:
        assert figures["janus"] == "not installed"


async def test_delays_and_calls_are_measured(shown, console):
    figures = await added_latency(
        film=shown, runs=1, seconds=0.5, streams=2, console=console
    )
    assert figures["added_latency_ms"].keys() == {"p50", "p99"}
    figures = await calls_per_core(
        film=shown, rounds=1, seconds=0.5, console=console, calls=2
    )
    assert figures["calls_per_core"] > 0
    figures = await growth(film=shown, rounds=1, seconds=0.5, console=console, many=3)
    assert figures["growth_1_to_3_calls"] > 0
