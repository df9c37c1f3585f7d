"""Who gets how many pictures when a line is too narrow for all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.forwarding.layers import BRAKE_FOR, HEADERS, REST, TOP, Thinning

PATTERN = ((0, False), (2, True), (1, True), (2, False))
"""Temporal layer and layer sync of four pictures in a row, as Chromium sends them."""

PLAIN = ((0, False),) * 4
PARTS = (0.4, 0.2, 0.2)
"""Which part of four pictures' bits one of each layer has."""

LOOK = 0.1


class Line:
    """An m-line with a stream of so many bits a second before it."""

    def __init__(self, *, observes=False, layered=True):
        self.thinning = Thinning()
        self.observes = observes
        self.layered = layered
        self.now = 0.0
        self.octets = 0
        self.passed: list[list[int]] = []

    def runs(self, seconds, stream, budget):
        """Give the layers that passed in each look of a time."""
        before = len(self.passed)
        for _ in range(round(seconds / LOOK)):
            self.passed.append([])
            for layer, sync in PATTERN if self.layered else PLAIN:
                if self.thinning.passes(layer, layer_sync=sync):
                    self.passed[-1].append(layer)
                    part = PARTS[layer] if self.layered else 0.25
                    self.octets += int(stream * LOOK / 8 / HEADERS * part)
            self.now += LOOK
            self.thinning.judge(self.octets, budget, self.now, observes=self.observes)
        return self.passed[before:]


ALL, HALF, LOWEST = [0, 2, 1, 2], [0, 1], [0]


def test_who_has_room_gets_everything():
    assert all(look == ALL for look in Line().runs(5, 1_000_000, 1_000_000))
    assert all(look == ALL for look in Line().runs(5, 1_000_000, None))


@pytest.mark.parametrize(
    ("budget", "layers"), [(650_000, HALF), (450_000, LOWEST), (10_000, LOWEST)]
)
def test_an_observer_gets_what_fits_for_as_long_as_it_takes(budget, layers):
    line = Line(observes=True)
    line.runs(2, 1_000_000, budget)

    assert all(look == layers for look in line.runs(30, 1_000_000, budget))


def test_an_observer_gets_all_again_when_there_is_room():
    line = Line(observes=True)
    line.runs(5, 1_000_000, 300_000)
    line.runs(4, 1_000_000, 2_000_000)

    assert all(look == ALL for look in line.runs(5, 1_000_000, 2_000_000))


def test_a_participant_is_braked_at_once_and_for_three_seconds_at_most():
    line = Line()
    line.runs(2, 1_000_000, 1_000_000)

    looks = line.runs(BRAKE_FOR + 1, 1_000_000, 300_000)

    thinned = [look for look in looks if look != ALL]
    assert looks[2] == LOWEST
    assert 1 < len(thinned) * LOOK <= BRAKE_FOR + 3 * LOOK
    assert looks[-1] == ALL


def test_a_participant_gets_all_again_as_soon_as_the_sender_has_followed():
    line = Line()
    line.runs(2, 1_000_000, 1_000_000)
    line.runs(0.5, 1_000_000, 300_000)
    line.runs(1, 280_000, 300_000)

    assert all(look == ALL for look in line.runs(5, 280_000, 300_000))


def test_between_two_brakes_a_participant_has_a_rest():
    line = Line()
    line.runs(2, 1_000_000, 1_000_000)

    looks = line.runs(2 * (BRAKE_FOR + REST), 1_000_000, 300_000)

    share = sum(look != ALL for look in looks) / len(looks)
    assert share <= 1.2 * BRAKE_FOR / (BRAKE_FOR + REST)


@pytest.mark.parametrize("observes", [True, False])
def test_a_stream_without_layers_is_never_thinned(observes):
    line = Line(observes=observes, layered=False)

    assert all(look == [0] * 4 for look in line.runs(9, 1_000_000, 50_000))


PICTURES = st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=200)


@given(PICTURES, st.lists(st.integers(0, TOP), min_size=1, max_size=200))
def test_a_layer_comes_back_only_with_a_picture_that_needs_nothing_left_out(
    pictures, aims
):
    thinning, whole = Thinning(), TOP
    for n, (layer, sync) in enumerate(pictures):
        thinning._aim = aims[n % len(aims)]
        passes = thinning.passes(layer, layer_sync=sync)

        if passes and layer > whole:
            assert sync
            assert layer == whole + 1
        whole = max(layer, whole) if passes else min(whole, layer - 1)
        assert passes or layer > 0
