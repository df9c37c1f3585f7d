"""The portal's page in a real browser, beside a real queue, ledger and database."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import async_playwright, expect

from accounts.client import AccountsClient
from queueing.model import RequestId, Side
from tests.integration.ledger.houses import (
    TELECOM,
    a_finished_call,
    a_queue,
    environment,
    free_port,
)
from tests.integration.queueing.servers import a_server

SHOTS = Path(__file__).parents[2] / "screenshots"
AXE = Path(AXE_FILE_PATH).read_text(encoding="utf-8")
WIDTHS = {
    "small": (320, 640),
    "phone": (360, 780),
    "desk": (1280, 900),
    "wall": (1920, 1080),
}
TOO_WIDE = """[...document.querySelectorAll("*")]
  .filter((one) => one.parentElement?.closest(".wide") === null &&
    one.getBoundingClientRect().right > innerWidth)
  .map((one) => one.outerHTML.slice(0, 120))"""
PAGES = ("/history", "/chain", "/keys", "/api/v1")
A4 = 718
"""Pixels between the margins of a sheet of paper."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "RGAAv4"]

pytestmark = pytest.mark.timeout(120)


class House:
    def __init__(self, url, queue, viewers):
        self.url = url
        self.queue = queue
        self.viewers = viewers


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    """A database with people in it, and who they are; passwords take a while."""
    path = tmp_path_factory.mktemp("seeded") / "illico.sqlite3"

    async def seed():
        async with AccountsClient.open(f"sqlite+aiosqlite:///{path}") as accounts:
            return await accounts.seed_demo() or []

    return path, asyncio.run(seed())


@pytest.fixture
async def house(seeded, tmp_path):
    """A portal whose companies have a viewer each, and a queue that feeds it."""
    path, demo = seeded
    shutil.copy(path, tmp_path / "illico.sqlite3")
    database = f"sqlite+aiosqlite:///{tmp_path}/illico.sqlite3"
    with a_server("valkey") as server:
        async with a_queue(server) as queue:
            words = environment(server, database, free_port())
            with _a_portal(words):
                viewers = [one for one in demo if one.role == "viewer"]
                viewers.sort(key=lambda one: TELECOM not in one.login)
                yield House(words["ILLICO_PORTAL_URL"], queue, viewers)


class _a_portal:  # noqa: N801  reads as a sentence
    def __init__(self, words):
        self._words = words

    def __enter__(self):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ledger"],
            env={**os.environ, **self._words},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline().startswith("ready ledger ")

    def __exit__(self, *_):
        assert self._process.stdout is not None
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(5) == 0
        self._process.stdout.close()


@asynccontextmanager
async def a_page(size="desk"):
    """A page whose console stays silent and whose CSP is never broken."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed; `make browsers` installs it")
    width, height = WIDTHS[size]
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=path, args=["--no-sandbox"]
        )
        context = await browser.new_context(
            viewport={"width": width, "height": height}, locale="fr-FR"
        )
        page = await context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if "Content Security Policy" in said.text
                else None
            ),
        )
        try:
            yield page
        finally:
            await browser.close()
        assert complaints == []


async def sign_in(page, house, number=0, path="/day"):
    await page.goto(house.url + path)
    await page.get_by_label("Identifiant").fill(house.viewers[number].login)
    await page.get_by_label("Mot de passe").fill(house.viewers[number].password)
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("title")).to_be_visible()


async def shoot(page, name):
    SHOTS.mkdir(exist_ok=True)
    await page.screenshot(path=SHOTS / f"portal-{name}.png", full_page=True)


async def a_call_that_leaves(queue, call):
    await queue.enqueue(
        call=call,
        service=f"{TELECOM}-demo",
        topic=None,
        mode="text",
        relay="r1",
        connection=f"{call}-c",
        request=RequestId(f"{call}-1"),
    )
    await queue.hang_up(call=call, by=Side.CALLER, request=RequestId(f"{call}-2"))


async def a_call_that_waits(queue, call):
    await queue.enqueue(
        call=call,
        service=f"{TELECOM}-demo",
        topic=None,
        mode="video",
        relay="r1",
        connection=f"{call}-c",
        request=RequestId(f"{call}-1"),
    )


async def test_a_viewer_signs_in_and_the_day_moves_without_a_reload(house):
    async with a_page() as page:
        await sign_in(page, house)
        await expect(page.get_by_test_id("figure-offered")).to_contain_text("0")
        await expect(page.get_by_text("Aucun appel ce jour-là.")).to_be_visible()

        await a_finished_call(house.queue, "call-1")

        await expect(page.locator('[data-call="call-1"]')).to_contain_text(
            "Répondu à temps"
        )
        await expect(page.get_by_test_id("figure-in_time")).to_contain_text("100,0")
        status = page.get_by_role("status")
        await expect(status).to_have_text("1 appel reçu, 1 à temps.")


@pytest.mark.parametrize("size", WIDTHS)
async def test_the_page_is_readable_at_every_width(house, size):
    async with a_page(size) as page:
        await page.goto(house.url)
        await expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
        await shoot(page, f"sign-in-{size}")
        await fits(page)
        for number in range(4):
            await a_finished_call(house.queue, f"call-{number}")
        await a_call_that_leaves(house.queue, "call-left")
        await a_call_that_waits(house.queue, "call-waits")
        await sign_in(page, house)
        await expect(page.locator('[data-call="call-waits"]')).to_be_visible()
        await expect(page.locator('[data-call="call-3"]')).to_be_visible()

        await shoot(page, f"day-{size}")
        await fits(page)
        assert await violations(page) == []


@pytest.mark.parametrize("size", ["small", "desk"])
async def test_the_live_page_shows_who_waits_and_how_the_promise_stands(house, size):
    async with a_page(size) as page:
        await a_finished_call(house.queue, "call-1")
        await sign_in(page, house, path="/")
        await expect(page.get_by_test_id("level")).to_have_text("100,0\u00a0%")
        await expect(page.get_by_test_id("summary")).to_have_text("Personne n’attend.")

        await a_call_that_waits(house.queue, "call-waits")
        row = page.locator('[data-waiting="call-waits 0"]')
        await expect(row).to_contain_text("Dans les temps")
        await expect(page.get_by_test_id("summary")).to_have_text(
            "1 personne en attente."
        )
        await expect(page.get_by_test_id("staff")).to_contain_text("Prêts à répondre")

        await shoot(page, f"live-{size}")
        await fits(page)
        assert await violations(page) == []


@pytest.mark.parametrize(("size", "language"), [("small", "fr"), ("desk", "en")])
async def test_every_page_fits_prints_and_passes_axe(house, size, language):
    async with a_page(size) as page:
        for number in range(3):
            await a_finished_call(house.queue, f"call-{number}")
        await a_call_that_leaves(house.queue, "call-left")
        await sign_in(page, house)
        if language == "en":
            await page.get_by_test_id("language").click()
        for path in PAGES:
            await page.goto(house.url + path)
            await expect(page.locator("h1")).to_be_visible()
            for summary in await page.locator(".desk:not(.interface) summary").all():
                await summary.click()
            await shoot(page, f"{path.strip('/').replace('/', '-')}-{size}")
            await fits(page)
            if size == "small":  # once: the pages are the same, and axe takes its time
                assert await violations(page) == [], path
            await page.emulate_media(media="print")
            await page.set_viewport_size({"width": A4, "height": 1000})
            await fits(page)
            await page.emulate_media(media="screen")
            width, height = WIDTHS[size]
            await page.set_viewport_size({"width": width, "height": height})
            spoken = await page.locator("html").get_attribute("lang")
            assert spoken == ("fr" if path == "/api/v1" else language)


async def test_a_month_is_drawn_and_each_drawing_has_a_table(house):
    async with a_page() as page:
        await a_finished_call(house.queue, "call-1")
        await sign_in(page, house, path="/history")
        await expect(page.get_by_test_id("level")).to_have_text("100,00\u00a0%")

        for name in ("histogram", "heatmap", "gauge"):
            drawing = page.locator(f"svg.{name}")
            await expect(drawing).to_have_attribute("aria-label", re.compile("."))
        await expect(page.locator("illico-series canvas")).to_be_visible()
        assert await page.locator("illico-series[aria-hidden=true]").count() == 1
        for summary in await page.get_by_text("Le même en tableau").all():
            await summary.click()
        for caption in ("selon leur attente", "Les jours du mois", "heure par heure"):
            table = page.locator("table", has_text=caption)
            await expect(table).to_be_visible()
        async with page.expect_download() as told:
            await page.get_by_text("jour par jour (CSV").click()
        path = await (await told.value).path()
        assert path.read_text(encoding="utf-8").startswith("\ufeffjour;niveau")


async def test_a_key_is_made_with_the_keyboard_alone_and_shown_once(house):
    async with a_page() as page:
        await sign_in(page, house, path="/keys")
        await page.get_by_label("Nom, pour la reconnaître").focus()
        await page.keyboard.type("Tableau de bord")
        for key in ("Tab", "Tab", "Space", "Tab", "Tab", "Enter"):
            await page.keyboard.press(key)
        secret = page.get_by_test_id("secret")
        await expect(secret).to_have_text(re.compile("^illico_"))
        text = await secret.text_content()
        await page.reload()
        await expect(page.get_by_test_id("keys")).to_contain_text("Tableau de bord")
        assert text not in await page.content()

        await page.get_by_text("Révoquer…").click()
        await page.get_by_role("button", name="Révoquer « Tableau de bord »").click()

        await expect(page.get_by_test_id("keys")).to_contain_text("Révoquée le")


async def fits(page):
    """Check that nothing has to be scrolled sideways."""
    wide = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide == 0, await page.evaluate(TOO_WIDE)


async def violations(page):
    """Ask axe; its script is evaluated, so that the page's CSP stays as it is."""
    await page.evaluate(AXE)
    found = await page.evaluate(
        "(tags) => axe.run({ runOnly: { type: 'tag', values: tags } })", RULES
    )
    return [
        (rule["id"], [node["html"] for node in rule["nodes"]])
        for rule in found["violations"]
    ]


async def test_a_company_sees_nothing_of_another_one(house):
    async with a_page() as page:
        await a_finished_call(house.queue, "call-of-telecom")
        await sign_in(page, house, number=1)

        await expect(page.get_by_test_id("figure-offered")).to_contain_text("0")
        await expect(page.get_by_test_id("company")).to_contain_text("Assurance")
        assert "call-of-telecom" not in await page.content()


async def test_a_wrong_password_is_told_in_words(house):
    async with a_page() as page:
        await page.goto(house.url)
        await page.get_by_label("Identifiant").fill("personne")
        await page.get_by_label("Mot de passe").fill("rien du tout")
        await page.keyboard.press("Enter")

        problem = page.get_by_role("alert")
        await expect(problem).to_have_text("Identifiant ou mot de passe inconnu.")
        await shoot(page, "refused-desk")


async def test_everything_can_be_done_with_the_keyboard(house):
    async with a_page() as page:
        await sign_in(page, house)
        seen = []
        for _ in range(12):
            await page.keyboard.press("Tab")
            seen.append(
                await page.evaluate("document.activeElement.textContent.trim()")
            )

        text = " ".join(seen)
        for name in ("Veille", "Figer l’affichage", "Comment on compte"):
            assert name in text


async def test_a_past_day_is_read_and_today_comes_back(house):
    async with a_page() as page:
        await a_finished_call(house.queue, "call-1")
        await sign_in(page, house)
        await expect(page.locator('[data-call="call-1"]')).to_be_visible()

        await page.get_by_test_id("half-hours").locator("summary").click()
        await expect(page.get_by_test_id("half-hours")).to_contain_text("100,00")
        await page.get_by_test_id("previous").click()
        await expect(page.get_by_text("Aucun appel ce jour-là.")).to_be_visible()
        await shoot(page, "past-desk")
        await page.get_by_test_id("today").click()

        await expect(page.locator('[data-call="call-1"]')).to_be_visible()


async def test_a_frozen_display_waits_until_it_is_let_go(house):
    async with a_page() as page:
        await sign_in(page, house)
        freeze = page.get_by_role("button", name="Figer l’affichage")
        await freeze.click()
        await expect(freeze).to_have_attribute("aria-pressed", "true")

        await a_finished_call(house.queue, "call-1")
        other = await page.context.new_page()
        await other.goto(f"{house.url}/day")
        await expect(other.locator('[data-call="call-1"]')).to_be_visible()
        await expect(page.locator('[data-call="call-1"]')).to_have_count(0)
        await freeze.click()

        await expect(page.locator('[data-call="call-1"]')).to_be_visible()


async def test_signing_out_leads_back_to_the_door(house):
    async with a_page() as page:
        await sign_in(page, house)
        await page.get_by_test_id("sign-out").click()

        await expect(page.get_by_label("Identifiant")).to_be_focused()
        await page.reload()
        await expect(page.get_by_label("Identifiant")).to_be_visible()
