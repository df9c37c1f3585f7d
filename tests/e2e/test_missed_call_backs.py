"""A call-back that ends without a talk, as the two people see it."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from accounts.client import AccountsClient
from accounts.model import ServiceId
from accounts.routing import Overflow, OverflowStep
from benchmarks.people import Agent, Caller
from benchmarks.platform import Platform

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

SMALL = ("1440", "360")
TELECOM = ServiceId("telecom-demo")
FILMED = "page => page.camera !== null || page.peerConnection !== null"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def platform(tmp_path_factory):
    """One that offers call-backs at once, and waits for nobody for long."""
    async with Platform.start(
        tmp_path_factory.mktemp("platform"),
        durations={"call_back": 10.0, "summon": 4.0},
        settings={"ILLICO_EYE_WORKERS": "0"},
    ) as running:
        async with AccountsClient.open(running.database_url) as accounts:
            steps = (OverflowStep(0.5, frozenset({Overflow.CALL_BACK})),)
            await accounts.set_handling(TELECOM, overflow=steps)
        yield running


async def gone(visits, callers):
    """Give a caller who has left to be called back."""
    page = await visits.open(callers, "/telecom-demo")
    caller = Caller(page, "illico-caller")
    await caller.reaches("entry")
    await caller.call()
    await page.get_by_test_id("ways").wait_for(timeout=20_000)
    await caller.press("way-call_back")
    await caller.reaches("call-back")
    return caller


async def has_missed_it(caller, quiet):
    """The page has stopped ringing, films nobody, and leads to another call."""
    await caller.page.locator("main[data-reason=call_back_missed]").wait_for()
    assert await caller.page.title() == quiet
    assert not await caller.page.locator(caller.root).evaluate(FILMED)
    await expect(caller.page.get_by_test_id("again")).to_be_visible()


async def test_a_caller_who_does_not_come_when_called_back_reads_that_we_called(
    platform, visits, callers, agents, account
):
    agent = await Agent.open(agents, platform.url(), account("agent1"))
    caller = await gone(visits, callers)
    quiet = await caller.page.title()
    await agent.is_ready()
    await agent.accepts()
    await caller.reaches("summoned")
    await agent.reaches("connecting")

    await has_missed_it(caller, quiet)

    reason = caller.page.get_by_test_id("reason")
    await expect(reason).to_have_text("Nous avons rappelé. Appelez de nouveau.")
    await visits.look(caller.page, "caller-ended-call_back_missed", sizes=SMALL)
    await agent.reaches("ready")
    why = agent.page.get_by_test_id("notice")
    await expect(why).to_have_text("Rappel : l’appelant est absent.")
    assert not await agent.page.locator(agent.root).evaluate(FILMED)
    await visits.look(agent.page, "console-ready-call_back_missed", sizes=SMALL)
    await agent.press("be-away")
    await agent.reaches("away")


async def test_a_call_back_that_nobody_took_in_time_does_not_say_that_we_called(
    visits, callers
):
    caller = await gone(visits, callers)
    quiet = await caller.page.title()

    await has_missed_it(caller, quiet)

    reason = caller.page.get_by_test_id("reason")
    await expect(reason).to_have_text("Le rappel s’arrête ici. Appelez de nouveau.")
    await visits.look(caller.page, "caller-ended-call_back_over", sizes=SMALL)
