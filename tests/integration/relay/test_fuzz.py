"""Hostile bytes of every kind at a real relay; `python -m benchmarks.fuzz_relay` is long."""

import asyncio

import pytest

from benchmarks.fuzz_attacks import SHARES
from benchmarks.fuzz_relay import Fuzz

KIB_AT_MOST = 16 * 1024
"""What a whole million may leave behind: a pool that filled once, not a leak."""


@pytest.mark.timeout(120)
def test_ten_thousand_hostile_packets_close_nothing_and_raise_nothing():
    fuzz = Fuzz(seed=4, tell=print)
    asyncio.run(fuzz.run(10_000, batch=5_000))

    assert fuzz.exceptions == []
    assert fuzz.closed == []
    assert set(fuzz.counts) == set(SHARES)
    assert fuzz.counts.total() >= 10_000


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_million_hostile_packets_close_nothing_and_leave_nothing():
    fuzz = Fuzz(seed=5, tell=print)
    asyncio.run(fuzz.run(1_000_000))

    assert fuzz.exceptions == []
    assert fuzz.closed == []
    assert fuzz.figures()["growth_kib"] < KIB_AT_MOST
