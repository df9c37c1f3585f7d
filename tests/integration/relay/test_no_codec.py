"""On a call's path nothing is decoded and nothing is encoded."""

from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.integration.relay.browsers import chromium_browser, page_server
from tests.integration.relay.relays import eventually, listening, relay_process
from tests.integration.relay.stage import Stage

DETECTOR = str(Path(__file__).parent / "codec_detector.py")
BOTH_WAYS = (("caller", "agent:1"), ("agent:1", "caller"))


@asynccontextmanager
async def a_couple(folder, report, *arguments):
    async with (
        relay_process(folder, DETECTOR, str(report), *arguments) as (address, process),
        page_server() as url,
        listening(address) as listener,
        chromium_browser() as chromium,
    ):
        stage = Stage(chromium, url, listener, process)
        caller, agent = await stage.couple("call-1")
        yield stage, caller, agent


@pytest.fixture
def report(tmp_path):
    return tmp_path / "codecs"


async def test_a_call_reaches_no_encoder_and_no_decoder(relay_folder, report):
    async with a_couple(relay_folder, report) as (stage, caller, agent):
        await stage.route("call-1", *BOTH_WAYS)
        await caller.sees(frames=40)
        await agent.sees(frames=40)

    assert not report.exists()


async def test_the_same_detector_fires_on_aiortcs_media_relay(relay_folder, report):
    async with a_couple(relay_folder, report, "media-relay") as (_, _, agent):
        await agent.sees()
        told = await eventually(lambda: set(report.read_text().split()))

    assert {"get_encoder", "get_decoder", "Vp8Encoder", "Vp8Decoder"} <= told
