"""Every page before a call, as people come to it: first, closed, unknown, mirror."""

import asyncio
from datetime import UTC, datetime, timedelta

import av
import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import expect

from accounts.client import AccountsClient
from accounts.model import ServiceId
from benchmarks.people import Caller
from benchmarks.platform import Platform
from tests.e2e.looks import violations
from tests.e2e.visitors import PATIENT, WIDE, a_caller, an_agent, ended_because

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clips(tmp_path_factory):
    """The operator's folder of signed clips, still empty."""
    return tmp_path_factory.mktemp("lsf")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def platform(tmp_path_factory, clips):
    async with Platform.start(
        tmp_path_factory.mktemp("platform"),
        durations=PATIENT,
        settings={"ILLICO_LSF_CLIPS_DIR": str(clips), "ILLICO_EYE_WORKERS": "0"},
    ) as running:
        yield running


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


async def test_the_mirror_judges_the_picture_and_asks_for_the_eye(visits, callers):
    caller = await a_caller(visits, callers)
    await caller.press("call-video")
    await caller.reaches("mirror")
    look = caller.page.get_by_test_id("look")

    await expect(look).to_have_attribute("data-key", "check-right", timeout=15_000)
    await visits.look(caller.page, "caller-mirror", sizes=WIDE)
    await caller.press("eye-yes")
    await visits.look(caller.page, "caller-mirror-eye", sizes=("360",), axe=False)


async def test_on_a_phone_the_mirror_has_its_call_button_above_the_fold(
    visits, callers
):
    caller = await a_caller(visits, callers)
    await caller.page.set_viewport_size({"width": 360, "height": 740})
    await caller.press("call-video")
    await caller.reaches("mirror")

    await expect(caller.page.get_by_test_id("look")).to_be_visible()
    await expect(caller.page.get_by_test_id("call-now")).to_be_in_viewport(ratio=1)
    await caller.page.get_by_test_id("eye-no").focus()
    await expect(caller.page.get_by_test_id("eye-no")).to_be_in_viewport(ratio=1)
    await visits.shoot(caller.page, "caller-mirror-phone", "360")


async def test_both_hands_are_checked_in_the_mirror_for_who_asks(visits, callers):
    caller = await a_caller(visits, callers)
    await caller.press("call-video")
    await caller.press("check-hands")
    hands = caller.page.get_by_test_id("hands")

    await expect(caller.page.get_by_test_id("skip-hands")).to_be_enabled()
    await expect(caller.page.get_by_test_id("call-now")).to_be_enabled()
    await expect(hands).to_have_attribute(
        "data-key", "check-hands-seen", timeout=60_000
    )
    await visits.look(caller.page, "caller-mirror-hands", sizes=("1440", "360"))


async def test_who_passes_on_the_check_of_the_hands_calls_at_once(visits, callers):
    caller = await a_caller(visits, callers)
    await caller.press("call-video")
    await caller.press("check-hands")
    await caller.press("skip-hands")

    await expect(caller.page.get_by_test_id("hands")).to_have_count(0)
    await caller.press("call-now")
    await caller.reaches("waiting")


@pytest.mark.parametrize("camera", ["refused", "absent"])
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
