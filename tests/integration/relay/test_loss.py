"""Lost packets come again, on both legs, and nobody notices."""

import asyncio
from pathlib import Path

from tests.integration.relay.browsers import chromium_browser, page_server
from tests.integration.relay.relays import listening, relay_process
from tests.integration.relay.stage import Stage

LOSSY = str(Path(__file__).parent / "lossy_relay.py")


async def test_five_percent_lost_on_each_leg_cost_no_picture(relay_folder):
    async with (
        relay_process(relay_folder, LOSSY, "5") as (address, process),
        page_server() as url,
        listening(address) as listener,
        chromium_browser() as chromium,
    ):
        stage = Stage(chromium, url, listener, process)
        caller, agent = await stage.couple("call-1")
        await stage.route("call-1", ("caller", "agent:1"), ("agent:1", "caller"))
        await agent.sees()
        before = await agent.frames()
        await asyncio.sleep(5)

        [received] = await agent.received()
        assert (received["frames"] - before) / 5 >= 25
        assert received["nacks"] > 0
        assert received["keyFrames"] <= 2
        assert (await caller.sent())["plis"] <= 2
