"""A small day; `python -m benchmarks.queue_day` plays a whole one."""

import pytest

from benchmarks.day import a_day
from benchmarks.queue_day import fairness
from benchmarks.servers import Kind, bare_server


@pytest.mark.timeout(120)
@pytest.mark.parametrize("kind", Kind)
def test_the_queue_serves_a_day_as_well_as_who_sees_everything(kind):
    day = a_day(calls=2_000, companies=2, gifted=7)

    with bare_server(kind) as server:
        fair = fairness(day, server)

    assert not fair.broken
    assert fair.service_level > fair.oracle_service_level - 1
    assert fair.worst < 2 * fair.oracle_worst
