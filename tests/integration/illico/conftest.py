import pytest

from tests.integration.illico.terminal import clean, free_ports, spawn


@pytest.fixture
async def up(tmp_path):
    """Start `illico up` with options and variables; whatever is left is killed."""
    started = []

    async def start(*options, data=None, variables=None, ready=True, port=None):
        data = data or tmp_path / "data"
        ports = free_ports(2)
        running = await spawn(data, port or ports[0], ports[1], options, variables)
        started.append(running)
        if ready:
            await running.until("Illico is ready")
        return running

    yield start
    for running in started:
        await clean(running)
