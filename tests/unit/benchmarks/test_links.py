"""A line loses, delays, jitters, reorders and caps as it says, and nothing else."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.links import HELD_BACK, OVERHEAD, Link, Quality

QUALITIES = st.builds(
    Quality,
    loss=st.floats(0, 1),
    delay=st.floats(0, 1),
    jitter=st.floats(0, 1),
    cap_bps=st.none() | st.integers(10_000, 10_000_000),
    queue_ms=st.integers(0, 2_000),
)
PACKETS = st.lists(
    st.tuples(st.integers(1, 1_500), st.floats(0, 0.1)), min_size=1, max_size=200
)


def a_link(**quality):
    return Link(Quality(**quality), Random(1))


def passes(link, packets):
    """Give (size, sent, came) of all packets; each is sent some time after the last."""
    now, done = 0.0, []
    for size, later in packets:
        now += later
        done.append((size, now, link.pass_on(size, now)))
    return done


def arrivals(done):
    return [came for _, _, came in done if came is not None]


def test_a_good_line_passes_everything_at_once():
    assert [a_link().pass_on(1_000, now) for now in (0.0, 1.5)] == [0.0, 1.5]


def test_a_line_loses_its_share():
    link = a_link(loss=0.05)

    came = [link.pass_on(100, n / 100) for n in range(10_000)]

    assert came.count(None) == link.lost
    assert link.lost == pytest.approx(500, abs=80)


def test_a_line_delays_by_what_it_says():
    assert a_link(delay=0.05).pass_on(100, 2.0) == pytest.approx(2.05)


def test_a_cap_lets_a_burst_out_at_its_own_speed():
    link = a_link(cap_bps=80_000, queue_ms=1_000)

    came = [link.pass_on(1_000 - OVERHEAD, 0.0) for _ in range(3)]

    assert came == pytest.approx([0.1, 0.2, 0.3])


def test_a_queue_that_is_too_long_drops_who_comes_last():
    link = a_link(cap_bps=80_000, queue_ms=150)

    came = [link.pass_on(1_000 - OVERHEAD, 0.0) for _ in range(3)]

    assert came[2] is None
    assert link.overflowed == 1


def test_a_lifted_cap_frees_the_line_at_once():
    link = a_link(cap_bps=80_000, queue_ms=1_000)
    for _ in range(5):
        link.pass_on(1_000 - OVERHEAD, 0.0)

    link.change(Quality(), 0.1)

    assert link.pass_on(1_000, 0.6) == 0.6


def test_a_tightened_cap_lets_the_queue_out_more_slowly():
    link = a_link(cap_bps=80_000, queue_ms=1_000)
    link.pass_on(2_000 - OVERHEAD, 0.0)

    link.change(Quality(cap_bps=40_000, queue_ms=1_000), 0.1)

    assert link.pass_on(500 - OVERHEAD, 0.1) == pytest.approx(0.1 + 0.2 + 0.1)


def test_some_packets_are_overtaken_where_a_line_reorders():
    link = a_link(delay=0.01, reorder=0.1)

    came = [link.pass_on(100, n / 1_000) for n in range(1_000)]

    overtaken = sum(later < earlier for earlier, later in pairwise(came))
    assert overtaken == pytest.approx(100, abs=30)
    assert max(c - n / 1_000 for n, c in enumerate(came)) < 0.01 + 2 * HELD_BACK


@given(QUALITIES, PACKETS)
def test_no_packet_overtakes_another_where_nothing_is_reordered(quality, packets):
    came = arrivals(passes(Link(quality, Random(1)), packets))

    assert came == sorted(came)


@given(QUALITIES, PACKETS)
def test_nothing_comes_before_its_delay_nor_later_than_queue_and_jitter_allow(
    quality, packets
):
    done = passes(Link(quality, Random(1)), packets)

    longest = max(size for size, _, _ in done) + OVERHEAD
    on_line = longest * 8 / quality.cap_bps if quality.cap_bps else 0.0
    latest = quality.queue_ms / 1000 + on_line + quality.delay + quality.jitter
    for _, sent, came in done:
        if came is not None:
            assert sent + quality.delay <= came + 1e-9
            assert came <= sent + latest + 1e-6


@given(st.integers(50_000, 1_000_000), PACKETS)
def test_no_second_carries_more_than_the_cap(cap, packets):
    done = passes(a_link(cap_bps=cap), packets)

    through = [(came, 8 * (size + OVERHEAD)) for size, _, came in done if came]
    for begins, _ in through:
        inside = sum(b for came, b in through if begins < came <= begins + 1)
        assert inside <= cap + 8 * (1_500 + OVERHEAD)


@given(QUALITIES, PACKETS)
def test_every_packet_is_counted_once(quality, packets):
    link = Link(quality, Random(1))
    came = arrivals(passes(link, packets))

    assert link.packets == len(packets) == len(came) + link.lost + link.overflowed
