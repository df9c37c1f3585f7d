"""How often one stream is looked at."""

from relay.eye.pace import Pace
from relay.eye.thresholds import read_thresholds

THRESHOLDS = read_thresholds()
FRAME = 1 / 30


def play(pace, seconds, *, moving=True, seen=True, cut=False, cost_s=0.0):
    """Count samples and hand checks over frames at 30 a second."""
    samples, checks = 0, 0
    for index in range(round(seconds / FRAME)):
        at = index * FRAME
        if not pace.wants_sample(at):
            continue
        pace.sampled(at)
        samples += 1
        if pace.wants_hands(at, moving=moving):
            pace.checked(at, seen=seen, cut=cut, cost_s=cost_s)
            checks += 1
    return samples, checks


def test_pictures_are_measured_three_times_a_second_and_hands_once():
    samples, checks = play(Pace(THRESHOLDS), 30)

    assert 85 <= samples <= 91
    assert 28 <= checks <= 31


def test_somebody_who_rests_is_checked_half_as_often():
    _, checks = play(Pace(THRESHOLDS), 30, moving=False)

    assert 14 <= checks <= 16


def test_hands_that_are_missed_are_looked_for_often():
    _, checks = play(Pace(THRESHOLDS), 30, seen=False)

    assert checks > 75


def test_hands_at_the_edge_are_looked_at_often():
    _, checks = play(Pace(THRESHOLDS), 30, cut=True)

    assert checks > 75


def test_hand_checks_stay_within_their_budget():
    cost_s, seconds = 0.04, 60
    _, checks = play(Pace(THRESHOLDS), seconds, seen=False, cost_s=cost_s)
    rule = THRESHOLDS.sampling
    earned = seconds * rule.hands_budget_share + rule.hands_budget_burst_s

    assert checks * cost_s <= earned + cost_s


def test_under_pressure_everything_is_done_less_often():
    pace = Pace(THRESHOLDS)
    pace.press(4.0)

    samples, checks = play(pace, 30)

    assert 33 <= samples <= 37, "three in each window"
    assert 6 <= checks <= 8
