"""Looking at a page: photographs, and what every state of every page must keep."""

from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH

SIZES = {
    "360": (360, 740),
    "768": (768, 1024),
    "1440": (1440, 900),
    "1920": (1920, 1080),
}
USUAL = ("1440", "768", "360")
AXE = Path(AXE_FILE_PATH).read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "RGAAv4"]
MOST_TABS = 40

WIDER = """
() => {
  const width = document.documentElement.clientWidth;
  const found = [document.documentElement.scrollWidth - width]
    .filter((over) => over > 0).map((over) => `the page by ${over} px`);
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      const { left, right, height } = element.getBoundingClientRect();
      if (height < 2) continue; // for ears only
      if (left >= -1 && right <= width + 1) continue;
      found.push(`${element.outerHTML.slice(0, 90)} ${left} to ${right}`);
    }
  };
  walk(document);
  return found;
}
"""
MOVING = """
() => {
  const found = [];
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      for (const part of [null, "::before", "::after"]) {
        const style = getComputedStyle(element, part);
        if (style.animationName === "none" || style.display === "none") continue;
        found.push({
          name: style.animationName,
          seconds: Math.min(...style.animationDuration.split(",").map(parseFloat)),
          still: style.animationTimingFunction.startsWith("steps(1"),
        });
      }
    }
  };
  walk(document);
  return found;
}
"""
FOCUSED = """
() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (!element || element === document.body) return null;
  const shown = [element, element.closest("label")].filter(Boolean).some((one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const box = (element.closest("label") ?? element).getBoundingClientRect();
  return {
    testid: element.dataset.testid ?? null,
    what: element.outerHTML.slice(0, 120),
    shown,
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0
      && box.left < innerWidth,
  };
}
"""


class Visits:
    """Pages that may speak to nobody but the platform, and that never complain."""

    def __init__(self, platform, shots):
        self.platform = platform
        self.origin = platform.url()
        self.shots = shots
        self.strangers = []
        self.complaints = []

    async def open(self, browser, path):
        """Open a page as somebody new, at a desk."""
        width, height = SIZES["1440"]
        context = await browser.new_context(
            viewport={"width": width, "height": height}, locale="fr-FR"
        )
        context.on("request", lambda request: self._asked(request.url))
        context.on("page", self._listen)
        page = await context.new_page()
        await page.goto(self.origin + path)
        return page

    def _listen(self, page):
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("websocket", lambda socket: self._asked(socket.url))
        page.on("console", lambda said: self._said(said.text))

    def _asked(self, url):
        own = (self.origin, self.origin.replace("http", "ws", 1), "blob:", "data:")
        if not url.startswith(own) and url != "about:blank":
            self.strangers.append(url)

    def _said(self, text):
        if "Content Security Policy" in text:
            self.complaints.append(text)

    async def look(self, page, name, *, sizes=USUAL, axe=True):
        """Photograph a state at these sizes and hold it to what all states keep."""
        await page.mouse.move(0, 0)
        for size in sizes:
            await self.shoot(page, name, size)
        assert await page.locator("html").get_attribute("lang") == "fr"
        if "360" in sizes:
            wider = await page.evaluate(WIDER)
            assert wider == [], (name, wider)
        if axe:
            found = await violations(page)
            assert found == [], (name, found)
        await self.moves_gently(page, name)
        width, height = SIZES["1440"]
        await page.set_viewport_size({"width": width, "height": height})

    async def shoot(self, page, name, size, animations="disabled"):
        width, height = SIZES[size]
        await page.set_viewport_size({"width": width, "height": height})
        target = self.shots / f"{name}-{size}.png"
        await page.screenshot(path=target, full_page=True, animations=animations)

    async def moves_gently(self, page, name):
        """Nothing moves faster than once a second, and nothing for who wants rest."""
        moving = await page.evaluate(MOVING)
        assert all(one["seconds"] >= 1 for one in moving), (name, moving)
        await page.emulate_media(reduced_motion="reduce")
        moving = await page.evaluate(MOVING)
        await page.emulate_media(reduced_motion="no-preference")
        assert all(one["still"] for one in moving), (name, moving)


async def violations(page):
    """Ask axe; its script is evaluated, so that the page's CSP stays as it is."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    found = await page.evaluate(
        "(tags) => axe.run({ runOnly: { type: 'tag', values: tags } })", RULES
    )
    return [
        (rule["id"], [node["html"] for node in rule["nodes"]])
        for rule in found["violations"]
    ]


async def tab_to(page, testid):
    """Press Tab until the wanted thing has the focus, which must always be seen."""
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(FOCUSED)
        if focused is None:
            continue
        assert focused["shown"], focused["what"]
        assert focused["inside"], focused["what"]
        if focused["testid"] == testid:
            return
    pytest.fail(f"{testid} is not reached with Tab")
