"""One relay and one Chromium for all tests of a module."""

import pytest
import pytest_asyncio

from tests.integration.relay.browsers import chromium_browser, page_server
from tests.integration.relay.relays import listening, relay_process
from tests.integration.relay.stage import Stage


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory):
    """One relay and one Chromium for all tests of a module."""
    folder = tmp_path_factory.mktemp("relay")
    async with (
        relay_process(folder) as (address, process),
        page_server() as url,
        listening(address) as listener,
        chromium_browser() as chromium,
    ):
        yield Stage(chromium, url, listener, process)


@pytest.fixture
def relay_folder(tmp_path_factory):
    """A short path: a Unix socket's name has 108 characters at most."""
    return tmp_path_factory.mktemp("r")
