"""A few seconds of the soak; `python -m benchmarks.queue_soak` is the long one."""

import asyncio

import pytest

from benchmarks.queue_soak import Soak
from benchmarks.servers import Kind, bare_server


@pytest.mark.timeout(120)
@pytest.mark.parametrize("kind", Kind)
def test_whatever_happens_to_people_and_processes_breaks_nothing(kind):
    with bare_server(kind) as server:
        soak = Soak(server, seed=7, tell=print)
        asyncio.run(soak.run(6))

    assert not soak.broken
    assert soak.counts["call_ended"] == soak.counts["call_queued"] > 50
