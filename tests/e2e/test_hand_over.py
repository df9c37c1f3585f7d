"""Another agent in the middle of a call, as people come to it."""

import pytest
from playwright.async_api import expect

from accounts.client import AccountsClient
from accounts.model import ServiceId
from benchmarks.people import Agent, Caller
from benchmarks.signer import Identity

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

SMALL = ("1440", "360")


async def ready(platform, agents, account):
    agent = await Agent.open(agents, platform.url(1), account, locale="fr-FR")
    await agent.is_ready()
    return agent


async def in_a_call(visits, callers, agent):
    page = await visits.open(callers, "/telecom-demo")
    caller = Caller(page, "illico-caller")
    await caller.reaches("entry")
    await caller.call()
    await agent.accepts()
    await caller.reaches("call")
    await agent.reaches("in-call")
    return caller


async def test_who_does_not_understand_gets_another_agent_and_first_place(
    platform, visits, callers, agents, account
):
    first = await ready(platform, agents, account("agent1"))
    caller = await in_a_call(visits, callers, first)
    await caller.press("doubt")
    await expect(caller.page.get_by_test_id("doubting")).to_be_visible()
    await visits.look(caller.page, "caller-doubt", sizes=SMALL)
    await expect(caller.page.get_by_test_id("doubt-no")).to_be_focused()
    await caller.page.keyboard.press("Enter")
    await expect(caller.page.get_by_test_id("hang-up")).to_be_visible()
    await expect(caller.page.get_by_test_id("doubt")).to_be_focused()

    await caller.page.keyboard.press("Enter")
    await caller.press("doubt-yes")
    await caller.reaches("waiting")
    news = caller.page.locator("[data-testid=notice][data-key=requeue-not_understood]")
    await expect(news).to_be_visible()
    await visits.look(caller.page, "caller-not-understood", sizes=SMALL)
    await first.reaches("wrap-up")
    await visits.look(first.page, "console-wrap-up-not-understood", sizes=SMALL)

    second = await ready(platform, agents, account("agent2"))
    await second.reaches("ringing")
    why = second.page.get_by_test_id("why")
    await expect(why).to_have_attribute("data-why", "not_understood")
    await visits.look(second.page, "console-ringing-not-understood", sizes=SMALL)
    await second.accepts()
    await caller.reaches("call")
    await caller.press("hang-up")
    await caller.reaches("ended")


async def test_an_agent_hands_a_call_over_without_covering_the_caller(
    platform, visits, callers, agents, account
):
    first = await ready(platform, agents, account("agent1"))
    caller = await in_a_call(visits, callers, first)
    second = await ready(platform, agents, account("agent2"))
    await first.press("transfer")
    await expect(first.page.locator("#transfer")).to_be_focused()
    choice = first.page.get_by_role("button", name="Agent 2")
    await expect(choice).to_be_visible()
    await first.page.locator(".stage.live").wait_for()
    await visits.look(first.page, "console-transfer", sizes=SMALL)
    stage = await first.page.locator(".stage").bounding_box()
    panel = await first.page.get_by_test_id("transfer-choices").bounding_box()
    assert stage["x"] + stage["width"] <= panel["x"], "the panel stands beside the face"
    await first.press("break-wish")
    wish = first.page.get_by_test_id("break-wish")
    await expect(wish).to_have_attribute("aria-pressed", "true")

    await choice.click()
    await caller.reaches("waiting", "connecting")
    await first.reaches("wrap-up")
    await second.accepts()
    await caller.reaches("call")
    await caller.page.locator(".stage.live").wait_for()
    assert await caller.sees() is Identity.BLUE
    await second.press("end")
    await caller.reaches("ended")
    await visits.look(caller.page, "caller-ended-same", sizes=SMALL)
    await first.press("be-on-break")
    await first.reaches("break")
    await visits.look(first.page, "console-break", sizes=SMALL)
    await first.press("be-away")

    await second.press("wrap-ready")
    await second.reaches("ready")
    await caller.press("same")
    await caller.reaches("mirror")
    await caller.page.locator('main[data-camera="on"]').wait_for()
    await caller.press("call-now")
    await second.reaches("ringing")
    why = second.page.get_by_test_id("why")
    await expect(why).to_have_attribute("data-why", "preferred")
    await second.press("refuse")
    await caller.press("leave")
    await caller.reaches("ended")
    await second.press("be-away")


async def test_the_same_person_may_be_asked_for_after_a_reload_and_not_for_long(
    platform, visits, callers, agents, account
):
    agent = await ready(platform, agents, account("agent1"))
    caller = Caller(await visits.open(callers, "/telecom-demo"), "illico-caller")
    await caller.reaches("entry")
    await expect(caller.page.get_by_test_id("same")).to_have_count(0)
    await caller.call_by_text()
    await agent.accepts()
    await agent.type("Bonjour")
    await caller.reaches("call")
    await caller.press("hang-up")
    await caller.reaches("ended")
    await expect(caller.page.get_by_test_id("same")).to_have_text(
        "De nouveau avec Agent 1"
    )
    await agent.press("wrap-ready")
    await agent.reaches("ready")

    await caller.page.reload()
    await caller.reaches("entry")
    await visits.look(caller.page, "caller-entry-same", sizes=SMALL)
    await caller.press("same")
    await agent.reaches("ringing")
    why = agent.page.get_by_test_id("why")
    await expect(why).to_have_attribute("data-why", "preferred")
    await agent.press("refuse")
    await caller.press("leave")
    await caller.reaches("ended")

    await caller.page.clock.install()
    await caller.page.reload()
    await caller.reaches("entry")
    await expect(caller.page.get_by_test_id("same")).to_be_visible()
    await caller.page.clock.fast_forward("15:00")
    await expect(caller.page.get_by_test_id("same")).to_have_count(0)
    await agent.press("be-away")


async def test_the_console_says_when_a_rest_that_nothing_shortens_is_over(
    platform, visits, callers, agents, account
):
    async with AccountsClient.open(platform.database_url) as accounts:
        await accounts.set_handling(ServiceId("assurance-demo"), cool_down_s=8)
    agent = await ready(platform, agents, account("agent3"))
    caller = Caller(await visits.open(callers, "/assurance-demo"), "illico-caller")
    await caller.reaches("entry")
    await caller.call_by_text()
    await agent.accepts()
    await agent.type("Bonjour")
    await caller.reaches("call")
    await caller.press("hang-up")
    await agent.reaches("wrap-up")

    button = agent.page.get_by_test_id("wrap-ready")
    await expect(button).to_be_disabled()
    await expect(button).to_contain_text("Prêt dans")
    await visits.look(agent.page, "console-cool-down", sizes=SMALL)
    await agent.press("wrap-away")
    await agent.reaches("away")
    again = agent.page.get_by_test_id("be-ready")
    await expect(again).to_be_disabled()
    await expect(again).to_be_enabled(timeout=15_000)
    await agent.press("be-ready")
    await agent.reaches("ready")
    await agent.press("be-away")
