from benchmarks.day import a_day, play
from benchmarks.day_oracle import DayOracle

DAY = a_day(calls=400, companies=2, gifted=5)


def test_the_same_day_is_drawn_again():
    assert a_day(calls=400, companies=2, gifted=5) == DAY


def test_every_caller_is_answered_or_gives_up():
    outcome = play(DAY, DayOracle(DAY, is_farsighted=True))

    assert not outcome.waits.keys() & outcome.abandoned.keys()
    answered_or_gone = outcome.waits.keys() | outcome.abandoned.keys()
    assert answered_or_gone == {caller.call for caller in DAY.callers}


def test_nobody_waits_longer_than_their_patience_and_the_ring():
    outcome = play(DAY, DayOracle(DAY, is_farsighted=False))

    for caller in DAY.callers:
        if caller.call in outcome.waits:
            assert outcome.waits[caller.call] <= caller.patience
