"""What Prometheus reads of a signaling process."""

import aiohttp
import pytest
import pytest_asyncio
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.platform import Platform
from tests.integration.queueing.groups import a_group
from tests.integration.signaling.pages import a_caller

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def group():
    with a_group() as group:
        yield group


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def platform(tmp_path_factory, group):
    """One whose queue has replicas."""
    async with Platform.start(
        tmp_path_factory.mktemp("platform"),
        settings={"ILLICO_EYE_WORKERS": "0", "ILLICO_REDIS_URL": group.url},
    ) as running:
        yield running


async def unconfirmed(platform):
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{platform.url()}/metrics") as answer,
    ):
        text = await answer.text()
    (family,) = (
        family
        for family in text_string_to_metric_families(text)
        if family.name == "illico_unconfirmed"
    )
    return family.samples[0].value


async def test_what_was_told_before_a_replica_had_it_is_counted(platform, group):
    async with a_caller(platform.url()) as caller:
        await caller.call()
    before = await unconfirmed(platform)
    replicas = set(group.servers) - {group.master()}
    for port in replicas:
        group.freeze(port)

    async with a_caller(platform.url()) as caller:
        await caller.call()
    for port in replicas:
        group.thaw(port)

    assert await unconfirmed(platform) > before
