"""The monitor lifts the level of a burst; `python -m benchmarks.monitor` says by how much."""

import pytest

from benchmarks.monitor import gains, interval
from benchmarks.monitor_house import House, Policy, an_hour, play
from queueing.twin.playing import Player

SEEDS = range(3)
BURST = House()


@pytest.fixture(scope="module")
def played():
    return {policy: [play(BURST, policy, seed) for seed in SEEDS] for policy in Policy}


def test_acting_before_the_breach_lifts_the_level_of_every_hour(played):
    pairs = zip(played[Policy.MONITOR], played[Policy.OFF], strict=True)

    assert all(mine.level > other.level for mine, other in pairs)
    assert gains(played, Policy.OFF).low > 0


def test_all_three_play_the_same_hour(played):
    calls = [[each.calls for each in runs] for runs in played.values()]

    assert calls[0] == calls[1] == calls[2]
    assert [each.acts for each in played[Policy.TIMED]] == [0, 0, 0]


def test_the_same_hour_is_played_the_same_way_again():
    assert play(BURST, Policy.MONITOR, 0) == play(BURST, Policy.MONITOR, 0)


def test_whoever_is_called_for_danger_was_ready():
    """Nobody's notes are cut short, and nobody works outside the shift."""
    player = Player(an_hour(BURST, Policy.MONITOR, 0), monitored=True)
    working: set[str | None] = set()

    for told in (each for some in player.play() for each in some):
        if told.kind == "wrap_up_started":
            working.add(told.agent)
        elif told.kind == "wrap_up_done":
            working.discard(told.agent)
        elif told.kind == "offer_made":
            assert told.agent not in working


def test_an_interval_of_equal_gains_has_no_width():
    assert str(interval([5.0, 5.0, 5.0])) == "+5.00 [+5.00, +5.00]"
