"""Every page and state of the caller and the console, as people come to them."""

import asyncio
import shutil
from datetime import UTC, datetime, timedelta

import av
import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import async_playwright, expect

from accounts.client import AccountsClient
from accounts.model import ServiceId
from benchmarks.people import CHROMIUM_FLAGS, Agent, Caller
from benchmarks.platform import Platform
from queueing.model import CallState
from tests.e2e.looks import MOVING, tab_to, violations

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

FAKE_UI = "--use-fake-ui-for-media-stream"
FAKE_DEVICE = "--use-fake-device-for-media-stream"
CAMERAS = {
    "refused": (FAKE_DEVICE, f"{FAKE_UI}=deny"),
    "absent": (f"{FAKE_DEVICE}=device-count=0", FAKE_UI),
}
WIDE = ("1920", "1440", "768", "360")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clips(tmp_path_factory):
    """The operator's folder of signed clips, still empty."""
    return tmp_path_factory.mktemp("lsf")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def platform(tmp_path_factory, clips):
    """A platform that rings long enough for photographs, and forgets fast."""
    async with Platform.start(
        tmp_path_factory.mktemp("platform"),
        durations={
            "offer": 30.0,
            "connect": 8.0,
            "caller_grace": 2.0,
            "talk_grace": 2.0,
            "agent_grace": 1.0,
            "pair_rest": 1.0,
        },
        settings={"ILLICO_LSF_CLIPS_DIR": str(clips), "ILLICO_EYE_WORKERS": "0"},
    ) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cameraless():
    """Give a browser whose camera is refused or absent."""
    async with async_playwright() as driver:
        opened = {}

        async def of(camera):
            if camera not in opened:
                flags = [flag for flag in CHROMIUM_FLAGS if "fake" not in flag]
                opened[camera] = await driver.chromium.launch(
                    executable_path=shutil.which("chromium"),
                    args=[*flags, *CAMERAS[camera]],
                )
            return opened[camera]

        yield of
        for browser in opened.values():
            await browser.close()


async def a_caller(visits, browser, *states, service="telecom-demo"):
    page = await visits.open(browser, f"/{service}")
    caller = Caller(page, "illico-caller")
    await caller.reaches(*(states or ("entry",)))
    return caller


async def an_agent(visits, browser, account):
    agent = Agent(await visits.open(browser, "/agent"), "illico-agent")
    await agent.reaches("sign-in")
    await agent.page.get_by_test_id("login").fill(account["login"])
    await agent.page.get_by_test_id("password").fill(account["password"])
    await agent.press("sign-in-go")
    if await agent.reaches("away", "ready", "wrap-up") != "away":
        await agent.press("be-away" if await agent.state() == "ready" else "wrap-away")
        await agent.reaches("away")
    return agent


async def found(caller):
    """Wait until the caller reads that a console rings."""
    await caller.page.locator("main[data-found=true]").wait_for(timeout=20_000)


async def ended_because(caller, reason):
    await caller.reaches("ended")
    await caller.page.locator(f"main[data-reason={reason}]").wait_for()


async def pictures_flow(person):
    """Wait until a person's page shows the other's moving picture."""
    async with asyncio.timeout(20):
        while await person.frames_decoded() < 10:  # noqa: ASYNC110  a browser sets no event
            await asyncio.sleep(0.1)
    await person.page.locator(".stage.live").wait_for()


# ------------------------------------------------------------------ before a call


async def test_the_entry_says_who_sees_and_leads_on(visits, callers):
    caller = await a_caller(visits, callers)
    await visits.look(caller.page, "caller-entry", sizes=WIDE)

    await caller.press("topic-facture")
    await visits.look(caller.page, "caller-entry-topic", sizes=("360",), axe=False)


async def test_an_unknown_service_is_a_page_of_its_own(visits, callers):
    page = await visits.open(callers, "/nulle-part")
    answer = await page.reload()

    assert answer.status == 404
    await expect(page.locator("html")).to_have_attribute("data-state", "not-found")
    await visits.look(page, "caller-not-found")


async def test_a_closed_service_says_when_it_opens(platform, visits, callers):
    now = datetime.now(UTC)
    async with AccountsClient.open(platform.database_url) as accounts:
        service = ServiceId("assurance-demo")
        await accounts.close_service(
            service, since=now - timedelta(hours=1), until=now + timedelta(days=2)
        )
        try:
            caller = await _until_closed(visits, callers, service)
            await expect(caller.page.get_by_test_id("opens-at")).to_contain_text(
                "Ouverture"
            )
            await visits.look(caller.page, "caller-closed")
        finally:
            await accounts.reopen_service(service)


async def test_a_page_says_that_a_public_holiday_is_why_it_is_closed(visits, callers):
    page = await visits.open(callers, "/nulle-part")

    async def on_a_holiday(route):
        """The server's own answer, on another day: nobody here moves its calendar."""
        answer = await route.fetch()
        facts = await answer.json()
        opens_at = "2027-05-03T08:30:00+02:00"
        closed = {"open": False, "opens_at": opens_at, "closed_for": "holiday"}
        await route.fulfill(response=answer, json=facts | closed)

    await page.route("**/api/service/*", on_a_holiday)
    await page.goto(f"{visits.origin}/assurance-demo")
    await Caller(page, "illico-caller").reaches("closed")
    why = page.get_by_test_id("closed-for")
    await expect(why).to_have_text("Aujourd’hui est un jour férié.")
    await visits.look(page, "caller-closed-holiday", sizes=("1440", "360"))


async def _until_closed(visits, browser, service):
    caller = await a_caller(visits, browser, "entry", "closed", service=service)
    async with asyncio.timeout(15):
        while await caller.state() != "closed":
            await caller.page.reload()
            await caller.reaches("entry", "closed")
    return caller


async def test_the_mirror_judges_the_light_and_asks_for_the_eye(visits, callers):
    caller = await a_caller(visits, callers)
    await caller.press("call-video")
    await caller.reaches("mirror")
    light = caller.page.get_by_test_id("light")

    await expect(light).to_have_attribute("data-light", "good", timeout=15_000)
    await visits.look(caller.page, "caller-mirror", sizes=WIDE)
    await caller.press("eye-yes")
    await visits.look(caller.page, "caller-mirror-eye", sizes=("360",), axe=False)


@pytest.mark.parametrize("camera", CAMERAS)
async def test_without_a_camera_the_page_explains_and_text_works(
    visits, agents, cameraless, account, camera
):
    agent = await an_agent(visits, agents, account("agent1"))
    await agent.is_ready()
    browser = await cameraless(camera)
    caller = await a_caller(visits, browser)
    await caller.press("call-video")
    await caller.page.locator(f"main[data-camera={camera}]").wait_for()
    await expect(caller.page.get_by_test_id("no-camera")).to_be_visible()
    await visits.look(caller.page, f"caller-camera-{camera}")

    await caller.call_by_text()
    await agent.accepts()
    await caller.reaches("connecting")
    if camera == "absent":
        await visits.look(caller.page, "caller-connecting-text")
        await visits.look(agent.page, "console-connecting-text")
    await agent.type("Bonjour, je vous lis.")
    await caller.reads("Bonjour, je vous lis.")
    await caller.reaches("call")
    await agent.reaches("in-call")
    await caller.type("Bonjour ! Ma box est en panne.")
    await agent.reads("Ma box est en panne.")
    if camera == "absent":
        await visits.look(caller.page, "caller-call-text")
        await visits.look(agent.page, "console-in-call-text")
    await caller.press("hang-up")
    await ended_because(caller, "caller_hung_up")
    if camera == "absent":
        await visits.look(caller.page, "caller-ended-caller_hung_up", sizes=("360",))
    await agent.reaches("wrap-up")
    await caller.page.context.close()


# ------------------------------------------------------------------- in English


async def test_who_reads_english_is_spoken_to_in_english(visits, callers):
    context = await callers.new_context(locale="en-GB")
    page = await context.new_page()
    caller = Caller(page, "illico-caller")
    await page.goto(f"{visits.origin}/telecom-demo")
    await caller.reaches("entry")
    await expect(page.get_by_test_id("call-video")).to_have_text("Call in LSF")
    assert await page.locator("html").get_attribute("lang") == "en"
    await visits.shoot(page, "caller-entry-english", "360")
    await visits.shoot(page, "caller-entry-english", "1440")
    assert await violations(page) == []

    await caller.press("language")
    await expect(page.get_by_test_id("call-video")).to_have_text("Appeler en LSF")
    await page.reload()
    await caller.reaches("entry")
    assert await page.locator("html").get_attribute("lang") == "fr"
    assert "LSF avec" in await page.title()


# --------------------------------------------------------------------- waiting


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


# ---------------------------------------------------------------- a signed call


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


# ------------------------------------------------------------- a line that breaks


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


# ------------------------------------------------------------------- by keyboard


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


# ------------------------------------------------------------------ signed clips


async def test_a_signed_clip_stands_beside_its_text_and_no_empty_box_without(
    visits, callers, clips
):
    for key in ("entry-title", "entry-call"):
        _write_clip(clips / f"{key}.webm")
    try:
        caller = await a_caller(visits, callers)
        page = caller.page
        video = page.locator("lsf-clip[key=entry-title] video")
        await expect(video).to_be_visible()
        await page.wait_for_function(
            "video => video.videoWidth === 64", arg=await video.element_handle()
        )
        button = page.locator("lsf-clip[key=entry-call] button")
        await expect(button).to_be_visible()
        boxes = await page.locator("lsf-clip").evaluate_all(
            "all => all.filter(one => one.offsetHeight > 0).map(one => one.key)"
        )
        assert sorted(boxes) == ["entry-call", "entry-title"]
        await visits.look(page, "caller-entry-clips")
        await button.click()
        await expect(page.locator("lsf-clip[key=entry-call] video")).to_be_visible()
    finally:
        for clip in clips.iterdir():
            clip.unlink()


def _write_clip(target):
    """Two seconds of a square that turns from sand to teal."""
    with av.open(str(target), "w") as container:
        stream = container.add_stream("libvpx", rate=15)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for number in range(30):
            colour = (246 - 7 * number, 200 - 3 * number, 120)
            picture = Image.new("RGB", (64, 64), colour)
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode())
