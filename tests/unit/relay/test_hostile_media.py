"""Whatever a browser sends instead of media, nobody else's picture stops."""

import random

import pytest

from benchmarks.fuzz_forwarding import Forwarding


@pytest.mark.parametrize("kind", ["rtp", "rtcp"])
def test_ten_thousand_hostile_packets_raise_nothing_and_stop_nobody(kind):
    forwarding = Forwarding(random.Random(4))
    forwarding.attack(kind, 1_000)
    before = forwarding.objects()

    for _ in range(10):
        forwarding.attack(kind, 1_000)
        assert forwarding.forwards()

    assert forwarding.exceptions == []
    assert forwarding.objects() < before * 1.05


def test_what_a_rule_raises_is_noted_with_the_bytes_that_made_it(monkeypatch):
    forwarding = Forwarding(random.Random(4))
    forwarding.attack("rtp", 1)

    def breaks(_data, _now):
        raise ZeroDivisionError("broken")

    for browser in forwarding.ends:
        monkeypatch.setattr(browser, "hear_rtp", breaks)
    forwarding.attack("rtp", 1)

    (noted,) = forwarding.exceptions
    assert noted.startswith("rtp ")
    assert noted.endswith("ZeroDivisionError('broken')")
