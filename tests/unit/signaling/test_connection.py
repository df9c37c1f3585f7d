"""A page may send a burst, then only as fast as a person and a page need."""

from signaling.connection import BURST, RATE, Allowance


def test_a_burst_passes_and_the_next_message_does_not():
    allowance = Allowance(BURST, RATE, 0.0)

    assert all(allowance.take(0.0) for _ in range(BURST))
    assert not allowance.take(0.0)


def test_the_allowance_comes_back_with_time():
    allowance = Allowance(BURST, RATE, 0.0)
    for _ in range(BURST):
        allowance.take(0.0)

    assert allowance.take(1 / RATE)
    assert not allowance.take(1 / RATE)


def test_the_allowance_never_exceeds_a_burst():
    allowance = Allowance(BURST, RATE, 0.0)

    assert sum(allowance.take(3600.0) for _ in range(2 * BURST)) == BURST
