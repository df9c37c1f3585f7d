import pytest

from tests.integration.queueing.pools import a_pool, frozen_library
from tests.integration.queueing.servers import KINDS, a_server


@pytest.fixture(scope="module", params=KINDS)
def real_server(request):
    """A server with nothing in it, for one test module."""
    with a_server(request.param) as server:
        yield server


@pytest.fixture(scope="module", params=KINDS)
def server(request):
    """A server on whose pools time stands still until a test moves it."""
    with a_server(request.param) as server:
        with server.plain() as plain:
            plain.function_load(frozen_library())
        yield server


@pytest.fixture
async def pool(server):
    async with a_pool(server) as pool:
        yield pool
