"""Installed browsers, and the page that they open."""

import shutil
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from playwright.async_api import async_playwright

HERE = Path(__file__).parent
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--use-fake-device-for-media-stream=fps=30",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)
FIREFOX_PREFERENCES = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
}


@asynccontextmanager
async def launched(kind, **options):
    async with async_playwright() as playwright:
        browser = await getattr(playwright, kind).launch(**options)
        try:
            yield browser
        finally:
            await browser.close()


def chromium_browser():
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "install chromium (make browsers)"
    return launched("chromium", executable_path=path, args=list(CHROMIUM_FLAGS))


def firefox_browser():
    path = shutil.which("firefox-esr")
    assert path, "install firefox-esr (make browsers)"
    return launched(
        "firefox",
        channel="moz-firefox",
        executable_path=path,
        firefox_user_prefs=FIREFOX_PREFERENCES,
    )


@asynccontextmanager
async def page_server():
    """The test page at http://localhost, where cameras are allowed."""

    async def page(_request):
        return web.FileResponse(HERE / "page.html")

    async def icon(_request):
        return web.Response(status=204)

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_get("/favicon.ico", icon)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "localhost", 0)
    await site.start()
    try:
        yield f"http://localhost:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()
