"""Some seconds of the soak; `python -m benchmarks.relay_soak` is the long one."""

import asyncio

import pytest

from benchmarks.relay_soak import Soak

PERCENT_AT_MOST = 5


@pytest.mark.timeout(180)
def test_calls_that_come_and_go_leave_no_task_and_no_socket():
    soak = Soak(seed=3, tell=print, changes=1)
    asyncio.run(soak.run(4, calls=4))

    figures = soak.figures()
    assert soak.problems == []
    assert (figures["tasks_left"], figures["sockets_left"]) == (0, 0)
    assert figures["legs"] > figures["calls"] >= 4


@pytest.mark.long
@pytest.mark.timeout(600)
def test_two_minutes_of_ten_calls_leave_nothing_and_keep_memory_flat():
    soak = Soak(seed=4, tell=print)
    asyncio.run(soak.run(120, calls=10))

    figures = soak.figures()
    assert soak.problems == []
    assert (figures["tasks_left"], figures["sockets_left"]) == (0, 0)
    assert figures["memory_growth_percent"] <= PERCENT_AT_MOST
