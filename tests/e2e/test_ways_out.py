"""Other ways out of a long wait, as people come to them; nothing rings by sound."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from accounts.client import AccountsClient
from accounts.model import ServiceId
from accounts.routing import Overflow, OverflowStep
from benchmarks.people import Agent, Caller
from benchmarks.signer import Identity

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

SMALL = ("1440", "360")
TELECOM = ServiceId("telecom-demo")
MESSAGES = "https://telecom.example/message"
RANG = "navigator.vibrate = (pattern) => (globalThis.shaken ??= []).push(pattern)"


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def _offers_soon(platform):
    async with AccountsClient.open(platform.database_url) as accounts:
        await accounts.set_handling(
            TELECOM,
            overflow=(OverflowStep(0.5, frozenset(Overflow)),),
            video_message_url=MESSAGES,
        )


async def waiting(visits, callers):
    """Give a signing caller whom other ways are offered."""
    page = await visits.open(callers, "/telecom-demo")
    caller = Caller(page, "illico-caller")
    await caller.reaches("entry")
    await page.add_init_script(RANG)
    await page.reload()
    await caller.reaches("entry")
    await caller.call()
    await page.get_by_test_id("ways").wait_for(timeout=20_000)
    return caller


async def test_a_caller_goes_and_is_called_back_to_be_seen(
    platform, visits, callers, agents, account
):
    caller = await waiting(visits, callers)
    await visits.look(caller.page, "caller-ways", sizes=("1440", "768", "360"))
    await caller.press("way-call_back")
    await caller.reaches("call-back")
    await visits.look(caller.page, "caller-call-back", sizes=SMALL)
    filmed = "page => page.camera !== null || page.peerConnection !== null"
    assert not await caller.page.locator(caller.root).evaluate(filmed)
    quiet = await caller.page.title()

    await caller.page.reload()
    await caller.reaches("call-back")
    agent = await Agent.open(agents, platform.url(1), account("agent1"), locale="fr-FR")
    await agent.is_ready()
    await agent.reaches("ringing")
    why = agent.page.get_by_test_id("why")
    await expect(why).to_have_attribute("data-why", "call_back")
    await agent.press("accept")
    await caller.reaches("summoned")
    await agent.reaches("connecting")
    await expect(agent.page.get_by_test_id("curtain")).to_contain_text("rappelons")
    assert (await caller.page.title()).startswith("●")
    assert await caller.page.evaluate("globalThis.shaken.length") > 0
    await visits.look(caller.page, "caller-summoned", sizes=SMALL)
    await visits.look(agent.page, "console-calling-back", sizes=("1440",))

    await caller.press("come-back")
    await caller.reaches("call")
    await caller.page.locator(".stage.live").wait_for()
    assert await caller.sees() is Identity.BLUE
    assert await caller.page.title() == quiet
    await agent.page.locator(".stage.live").wait_for()
    assert await agent.sees() is Identity.RED
    await agent.press("end")
    await caller.reaches("ended")
    await agent.rests()


async def test_a_caller_goes_on_in_writing_and_the_camera_goes_off(visits, callers):
    caller = await waiting(visits, callers)
    await caller.press("way-text")
    await caller.page.locator(f"{caller.root}[data-mode=text]").wait_for()
    assert await caller.state() == "waiting"
    await expect(caller.page.get_by_test_id("self-video")).to_have_count(0)
    await expect(caller.page.get_by_test_id("way-text")).to_have_count(0)
    await caller.press("leave")
    await caller.reaches("ended")


async def test_a_video_message_leads_to_the_companys_own_page(visits, callers):
    caller = await waiting(visits, callers)
    await caller.press("way-video_message")
    await caller.page.locator("main[data-reason=left_another_way]").wait_for()
    link = caller.page.get_by_test_id("video-message")
    await expect(link).to_have_attribute("href", MESSAGES)
    await visits.look(caller.page, "caller-ended-left_another_way", sizes=SMALL)


async def test_who_waits_to_be_called_back_may_leave_for_good(visits, callers):
    caller = await waiting(visits, callers)
    await caller.press("way-call_back")
    await caller.reaches("call-back")
    await caller.press("leave")
    await caller.reaches("ended")
