"""The ledger's benchmark in small: real processes, real kills, nothing lost or doubled."""

import pytest

from benchmarks.databases import Database
from benchmarks.ledger import Plan, as_figures, month, speed

SMALL = Plan(
    calls=500, kills=1, life_s=0.2, speed_calls=200, rounds=1, seed=1, companies=2
)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("kind", Database)
def test_a_small_month_survives_a_kill_and_holds_for_the_verifier(kind):
    try:
        killed = month(SMALL, kind)
    except FileNotFoundError as error:
        pytest.skip(str(error))

    assert (killed.lost, killed.doubled, killed.differences) == (0, 0, 0)
    assert killed.events > 3_000
    figures = as_figures(SMALL, {kind.value: 1.0}, {kind.value: killed})
    assert figures["verify_events_per_s"] > 0
    assert figures["alone_events_per_s"] > 0


def test_the_speed_is_of_every_event_that_was_written():
    assert speed(SMALL, Database.SQLITE) > 0
