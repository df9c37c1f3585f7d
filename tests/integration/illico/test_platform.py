"""The platform that benchmarks and other tests start for themselves."""

import shutil

import aiohttp
import pytest

from benchmarks.platform import Platform
from illico.errors import BadEnvironmentError
from queueing.model import CallId

pytestmark = pytest.mark.timeout(180)  # whole platforms, on busy machines too

WITHOUT_EYE = {"ILLICO_EYE_WORKERS": "0"}


@pytest.mark.parametrize(
    "server",
    [
        "valkey",
        pytest.param(
            "redis",
            marks=pytest.mark.skipif(
                shutil.which("redis-server") is None,
                reason="no redis-server: `make browsers` installs it",
            ),
        ),
    ],
)
async def test_it_serves_pages_accounts_and_a_queue(tmp_path, server):
    async with (
        Platform.start(tmp_path / "data", server=server, settings=WITHOUT_EYE) as here,
        aiohttp.ClientSession() as session,
    ):
        for address in (f"{here.url()}/telecom-demo", here.portal_url):
            async with session.get(address) as answer:
                assert answer.status == 200
        assert here.accounts["agent1"].password
        async with here.queue() as queue:
            assert await queue.view(CallId("no-such-call")) is None


async def test_a_process_is_killed_and_comes_back_or_stays_away(tmp_path):
    async with Platform.start(tmp_path / "data", settings=WITHOUT_EYE) as here:
        before = here.pid("relay-1")
        here.kill("relay-1")
        await here.back("relay-1", than=before)

        assert here.pid("relay-1") not in {None, before}

        here.kill("ledger", again=False)
        await here.gone("ledger")

        assert here.pid("signaling-1")


async def test_a_duration_that_the_queue_does_not_know_is_refused(tmp_path):
    with pytest.raises(BadEnvironmentError, match="ILLICO_OFER_SECONDS"):
        async with Platform.start(tmp_path / "data", durations={"ofer": 1}):
            pass
