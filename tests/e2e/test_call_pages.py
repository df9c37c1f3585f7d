"""Every page of a call, as the caller and the agent come to it, also by keyboard."""

import asyncio

import pytest
import pytest_asyncio
from playwright.async_api import expect

from benchmarks.people import Agent, Caller
from benchmarks.platform import Platform
from queueing.model import CallState
from tests.e2e.looks import MOVING, tab_to
from tests.e2e.visitors import (
    PATIENT,
    WIDE,
    a_caller,
    an_agent,
    ended_because,
    found,
    pictures_flow,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def platform(tmp_path_factory):
    async with Platform.start(
        tmp_path_factory.mktemp("platform"),
        durations=PATIENT,
        settings={"ILLICO_EYE_WORKERS": "0"},
    ) as running:
        yield running


async def test_where_nobody_is_there_the_page_asks_honestly(visits, callers):
    caller = await a_caller(visits, callers)
    await caller.call()
    nobody = caller.page.get_by_test_id("nobody")
    await expect(nobody).to_be_visible()
    await visits.look(caller.page, "caller-nobody")

    await caller.press("stay")
    await expect(nobody).to_have_count(0)
    await visits.look(caller.page, "caller-nobody-stays", sizes=("360",))
    await caller.press("leave")
    await ended_because(caller, "no_one_there")
    await visits.look(caller.page, "caller-ended-no_one_there")


async def test_after_a_minute_the_page_says_sorry(visits, callers):
    page = await visits.open(callers, "/telecom-demo")
    await page.clock.install()
    await page.reload()
    caller = Caller(page, "illico-caller")
    await caller.reaches("entry")
    await caller.call_by_text()
    await expect(page.get_by_test_id("nobody")).to_be_visible()
    await caller.press("stay")

    await page.clock.fast_forward("01:05")
    waited = page.get_by_test_id("waited")
    await expect(waited).to_have_attribute("data-seconds", "65", timeout=8000)
    await visits.look(page, "caller-waiting-late", sizes=("1440", "360"))
    await caller.press("leave")


async def test_two_windows_of_one_call_leave_one(visits, callers):
    caller = await a_caller(visits, callers)
    await caller.call_by_text()
    await expect(caller.page.get_by_test_id("nobody")).to_be_visible()

    async with caller.page.expect_popup() as popup:
        await caller.page.evaluate("() => void window.open(location.href)")
    second = Caller(await popup.value, "illico-caller")
    await second.reaches("waiting")
    await caller.reaches("superseded")
    await visits.look(caller.page, "caller-superseded")
    await caller.press("take-over")
    await caller.reaches("waiting")
    await second.reaches("superseded")
    await caller.press("leave")


async def test_the_console_signs_in_and_rests(visits, agents, account):
    page = await visits.open(agents, "/agent")
    agent = Agent(page, "illico-agent")
    await agent.reaches("sign-in")
    await visits.look(page, "console-sign-in", sizes=WIDE)

    await page.get_by_test_id("login").fill("agent1")
    await page.get_by_test_id("password").fill("presque le bon")
    await agent.press("sign-in-go")
    await expect(page.get_by_role("alert")).to_contain_text("faux")
    await visits.look(page, "console-wrong-password")

    await page.get_by_test_id("password").fill(account("agent1")["password"])
    await agent.press("sign-in-go")
    await agent.rests()
    await visits.look(page, "console-away")
    await agent.press("be-ready")
    await agent.reaches("ready")
    await visits.look(page, "console-ready", sizes=WIDE)

    second = Agent(await page.context.new_page(), "illico-agent")
    await second.page.goto(page.url)
    await second.reaches("ready")
    await agent.reaches("superseded")
    await visits.look(page, "console-superseded")
    await second.press("be-away")
    await second.press("sign-out")
    await second.reaches("sign-in")


async def test_a_signed_call_from_the_ring_to_the_thanks(
    visits, callers, agents, account
):
    agent = await an_agent(visits, agents, account("agent1"))
    await agent.is_ready()
    caller = await a_caller(visits, callers)
    await caller.press("topic-facture")
    await caller.call()
    await agent.reaches("ringing")
    await found(caller)
    await visits.look(caller.page, "caller-waiting-found")
    await expect(agent.page.get_by_test_id("self-video")).to_be_visible()
    assert await agent.page.evaluate(MOVING), "a ring is seen to pulse"
    await visits.look(agent.page, "console-ringing", sizes=WIDE)

    other = await a_caller(visits, callers)
    await other.call_by_text()
    await expect(other.page.get_by_test_id("place")).to_contain_text("suivante")
    await visits.look(other.page, "caller-waiting", sizes=WIDE)
    await other.press("leave")
    await ended_because(other, "abandoned")
    await visits.look(other.page, "caller-ended-abandoned", sizes=("1440", "360"))

    await agent.press("refuse")
    requeued = caller.page.locator("[data-testid=notice][data-key=requeue-refused]")
    await expect(requeued).to_be_visible()
    await visits.look(caller.page, "caller-waiting-requeued")

    await agent.accepts()
    await caller.reaches("call")
    await agent.reaches("in-call")
    await agent.type("Bonjour !")
    await caller.type("Bonjour, ma facture ")
    await agent.reads("Bonjour, ma facture")
    await asyncio.gather(pictures_flow(caller), pictures_flow(agent))
    await visits.look(caller.page, "caller-call", sizes=WIDE)
    await visits.look(agent.page, "console-in-call", sizes=WIDE)

    await agent.press("attention")
    await caller.page.locator(".stage.waved").wait_for()
    await visits.shoot(caller.page, "caller-call-waved", "1440", animations="allow")
    await visits.moves_gently(caller.page, "waved")

    await agent.press("end")
    await ended_because(caller, "agent_hung_up")
    await agent.reaches("wrap-up")
    await visits.look(agent.page, "console-wrap-up", sizes=WIDE)
    await visits.look(caller.page, "caller-ended-agent_hung_up", sizes=WIDE)
    await caller.press("rate-good")
    await expect(caller.page.get_by_test_id("thanks")).to_be_visible()
    await visits.look(caller.page, "caller-rated")
    await agent.press("wrap-away")
    await agent.reaches("away")


async def test_an_agent_without_a_picture_ends_as_our_fault(
    visits, callers, cameraless, account
):
    browser = await cameraless("absent")
    agent = await an_agent(visits, browser, account("agent1"))
    await agent.is_ready()
    caller = await a_caller(visits, callers)
    await caller.call()
    await agent.accepts()
    await caller.reaches("connecting")
    await visits.look(caller.page, "caller-connecting", sizes=("1440", "360"))

    await caller.reaches("waiting")
    requeued = caller.page.locator("[data-testid=notice][data-key=requeue-no_frame]")
    await expect(requeued).to_be_visible()
    await agent.accepts()
    await agent.reaches("connecting")
    await visits.look(agent.page, "console-connecting", sizes=("1440", "360"))
    await ended_because(caller, "technical")
    await visits.look(caller.page, "caller-ended-technical", sizes=("1440", "360"))
    await agent.page.context.close()


class Wire:
    """A caller's line to the server that can be cut."""

    def __init__(self):
        self.is_cut = False
        self._sockets = []

    async def lay(self, page):
        await page.route_web_socket("**/ws/caller", self._opened)

    async def _opened(self, socket):
        if self.is_cut:
            await socket.close()
            return
        self._sockets.append((socket, socket.connect_to_server()))

    async def cut(self):
        self.is_cut = True
        for near, far in self._sockets:
            far.close()
            await near.close()
        self._sockets.clear()


@pytest.mark.parametrize("reason", ["lost_waiting", "caller_lost"])
async def test_a_line_that_stays_away_ends_the_call(
    visits, callers, agents, account, reason
):
    caller = await a_caller(visits, callers)
    wire = Wire()
    await wire.lay(caller.page)
    agent = await an_agent(visits, agents, account("agent1"))
    if reason == "caller_lost":
        await agent.is_ready()
    await caller.call_by_text()
    if reason == "caller_lost":
        await agent.accepts()
        await agent.type("Bonjour")
        await caller.reaches("call")
    else:
        place = caller.page.get_by_test_id("place")
        await expect(place).to_contain_text("suivante")
    call = await caller.page.locator(caller.root).evaluate("page => page.state.call")

    await wire.cut()
    where = await caller.state()
    await visits.look(caller.page, f"caller-{where}-reconnecting", sizes=("360",))
    await _has_ended(visits.platform, call)
    if reason == "caller_lost":
        await agent.reaches("wrap-up")
        await visits.look(agent.page, "console-wrap-up-lost", sizes=("360",))
    wire.is_cut = False
    await caller.page.evaluate("() => void dispatchEvent(new Event('online'))")
    await ended_because(caller, reason)
    await visits.look(caller.page, f"caller-ended-{reason}", sizes=("360",))


async def _has_ended(platform, call):
    """Wait until the queue has given a call up."""
    async with platform.queue() as queue, asyncio.timeout(15):
        while (view := await queue.view(call)) and view.state is not CallState.ENDED:  # noqa: ASYNC110  a queue sets no event
            await asyncio.sleep(0.1)


async def test_a_whole_call_without_a_mouse(visits, callers, agents, account):
    agent = Agent(await visits.open(agents, "/agent"), "illico-agent")
    await agent.reaches("sign-in")
    keys = agent.page.keyboard
    await tab_to(agent.page, "login")
    await keys.type(account("agent1")["login"])
    await tab_to(agent.page, "password")
    await keys.type(account("agent1")["password"])
    await keys.press("Enter")
    await agent.rests()
    await tab_to(agent.page, "be-ready")
    await keys.press("Enter")
    await agent.reaches("ready")

    caller = await a_caller(visits, callers)
    theirs = caller.page.keyboard
    await tab_to(caller.page, "call-video")
    await theirs.press("Enter")
    await caller.reaches("mirror")
    await tab_to(caller.page, "eye-yes")
    await theirs.press("Space")
    await theirs.press("ArrowDown")
    await expect(caller.page.get_by_test_id("eye-no")).to_be_checked()
    await expect(caller.page.get_by_test_id("call-now")).to_be_enabled()
    await tab_to(caller.page, "call-now")
    await visits.shoot(caller.page, "caller-mirror-focus", "1440")
    await theirs.press("Enter")
    await caller.reaches("waiting")

    await agent.reaches("ringing")
    await expect(agent.page.get_by_test_id("accept")).to_be_focused()
    await keys.press("Enter")
    await caller.reaches("call")
    await agent.reaches("in-call")
    await tab_to(caller.page, "text-input")
    await theirs.type("Bonjour")
    await agent.reads("Bonjour")
    await tab_to(agent.page, "text-input")
    await keys.type("Oui ?")
    await caller.reads("Oui ?")
    await tab_to(caller.page, "attention")
    await visits.shoot(caller.page, "caller-call-focus", "1440")
    await tab_to(caller.page, "hang-up")
    await theirs.press("Enter")

    await ended_because(caller, "caller_hung_up")
    await tab_to(caller.page, "rate-fair")
    await theirs.press("Enter")
    await expect(caller.page.get_by_test_id("thanks")).to_be_visible()
    await agent.reaches("wrap-up")
    await tab_to(agent.page, "wrap-away")
    await keys.press("Enter")
    await agent.reaches("away")


async def test_escape_passes_a_call_on(visits, callers, agents, account):
    agent = await an_agent(visits, agents, account("agent1"))
    await agent.is_ready()
    caller = await a_caller(visits, callers)
    await caller.call_by_text()
    await agent.reaches("ringing")

    await agent.page.keyboard.press("Escape")
    requeued = caller.page.locator("[data-testid=notice][data-key=requeue-refused]")
    await expect(requeued).to_be_visible()
    await agent.reaches("ready")
    await expect(agent.page.get_by_test_id("notice")).to_be_visible()
    await visits.look(agent.page, "console-ready-passed", sizes=("360",), axe=False)
    await caller.press("leave")
