"""Many at once: `python -m benchmarks.eye_streams` takes fifty and its time."""

import pytest

from benchmarks.eye_choir import Choir
from benchmarks.eye_streams import counts, let_talk, signing, watch
from benchmarks.relay_rivals import OurRelay

STREAMS = 6
SETTLES_S, SECONDS = 0.5, 5.0


@pytest.fixture(autouse=True)
def _installed(opened, film):
    """The eye and the drawn signer are there."""


async def test_each_of_many_is_judged_while_their_calls_go_on():
    shown = signing(layers=False)
    async with OurRelay.open(eye_workers=1) as relay:
        made = [await relay.stream() for _ in range(STREAMS)]
        await let_talk(relay.client, STREAMS)
        async with Choir.open(made, shown, relay.pid) as choir:
            await choir.sing(SETTLES_S, 1.0)
            await watch(relay.client, STREAMS, yes=True)
            meanwhile = await choir.sing(SETTLES_S, SECONDS)
            await watch(relay.client, STREAMS, yes=False)
            judged = await counts(relay.client, STREAMS)

    assert meanwhile.eye_cores > 0
    assert min(judged) >= 2
    assert max(judged) - min(judged) <= 2
