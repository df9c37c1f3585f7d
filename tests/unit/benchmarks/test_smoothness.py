"""A picture is judged by what its browser counted."""

import pytest

from benchmarks.smoothness import Poll, between, full_again_s, smoothness

HIGH, LOW = 480, 240
HELD = 0.08


def counted(*parts):
    """Give counts, ten a second, of (seconds, pictures a second, height) in a row."""
    polls, frames = [Poll(0, 0, parts[0][2])], 0.0
    for seconds, fps, height in parts:
        for _ in range(round(seconds * 10)):
            frames += fps / 10
            held = polls[-1].held + fps / 10 * HELD
            now = polls[-1].at_ms + 100
            polls.append(Poll(now, int(frames + 1e-6), height, held))
    return polls


def test_a_smooth_picture_has_no_gap_but_the_time_between_two_counts():
    seen = smoothness(counted((10, 30, HIGH)))

    assert (seen.fps, seen.gap_p99_ms, seen.gap_max_ms) == (30, 100, 100)
    assert (seen.long_gaps, seen.height, seen.held_ms) == (0, HIGH, 80)


def test_a_standing_picture_is_a_gap_from_growth_to_growth():
    seen = smoothness(counted((3, 30, HIGH), (0.5, 0, HIGH), (2.5, 30, HIGH)))

    assert seen.gap_max_ms == 600
    assert seen.long_gaps == 10


def test_a_picture_that_stands_at_the_end_is_a_gap_too():
    assert smoothness(counted((3, 30, HIGH), (0.9, 0, HIGH))).gap_max_ms == 900


def test_the_median_second_counts():
    assert smoothness(counted((3, 30, HIGH), (2, 5, HIGH))).fps == 30


def test_less_than_a_second_is_not_judged():
    with pytest.raises(ValueError, match="second"):
        smoothness(counted((0.5, 30, HIGH)))
    with pytest.raises(ValueError, match="second"):
        smoothness([])


def test_a_picture_is_whole_again_from_where_two_smooth_seconds_at_full_size_begin():
    assert full_again_s(counted((3, 30, LOW), (4, 30, HIGH))) == pytest.approx(3.1)


def test_a_small_or_a_slow_picture_is_not_whole():
    assert full_again_s(counted((9, 30, LOW))) is None
    assert full_again_s(counted((9, 20, HIGH))) is None


def test_a_time_is_cut_out_by_the_first_count():
    polls = [Poll(5_000 + 100 * n, n) for n in range(100)]

    assert [p.frames for p in between(polls, 1_000, 1_200)] == [10, 11, 12]
    assert between([], 0, 1) == []
