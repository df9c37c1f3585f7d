"""The drawn signer is recognised after VP8, and Chromium plays it at full rate."""

import io
import shutil

import pytest
from aiohttp import web
from PIL import Image
from playwright.async_api import async_playwright

from benchmarks.signer import (
    PROBE,
    SIZE,
    Identity,
    Signer,
    clip,
    drawn,
    find_font,
    write_mjpeg,
)
from benchmarks.vp8 import encode
from relay.eye.decoding import Decoder

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)

COUNT_FRAMES = """async () => {
  const stream = await navigator.mediaDevices.getUserMedia({video: true});
  const [track] = stream.getVideoTracks();
  const reader = new MediaStreamTrackProcessor({track}).readable.getReader();
  const times = [];
  let pixel;
  while (times.length < 90) {
    const {value: frame} = await reader.read();
    times.push(frame.timestamp / 1e6);
    if (times.length === 90) {
      const canvas = new OffscreenCanvas(frame.displayWidth, frame.displayHeight);
      const context = canvas.getContext("2d");
      context.drawImage(frame, 0, 0);
      const [x, y] = [PROBE_X * canvas.width, PROBE_Y * canvas.height];
      pixel = Array.from(context.getImageData(x, y, 1, 1).data).slice(0, 3);
    }
    frame.close();
  }
  const {width} = track.getSettings();
  track.stop();
  return {pixel, width, fps: 89 / (times[89] - times[0])};
}""".replace("PROBE_X", str(PROBE[0])).replace("PROBE_Y", str(PROBE[1]))


def probe(picture):
    x, y = (int(share * size) for share, size in zip(PROBE, picture.size, strict=True))
    return picture.convert("RGB").getpixel((x, y))


@pytest.mark.parametrize("identity", list(Identity), ids=lambda one: one.name.lower())
def test_an_identity_is_told_from_a_pixel_after_vp8(film, identity):
    decoder = Decoder()
    pictures = list(drawn(Signer(identity, seed=3), seconds=0.5))

    decoded = [decoder.decode(frame.data) for frame in encode(pictures, kbps=150)]

    assert decoded[-1] is not None
    last = Image.fromarray(decoded[-1].frame.to_ndarray(format="rgb24"))
    assert Identity.of(probe(last)) is identity


def test_a_film_loops_without_a_jump(film):
    pictures = list(drawn(Signer(Identity.RED), seconds=5))

    assert len(pictures) == 150
    assert {picture.size for picture in pictures} == {SIZE}


def test_a_clip_is_shown_whole_at_thirty_pictures_a_second(tmp_path):
    film = tmp_path / "slow.gif"
    still = [Image.new("RGB", (320, 240), (step * 20, 0, 0)) for step in range(10)]
    still[0].save(film, save_all=True, append_images=still[1:], duration=100)

    pictures = list(clip(film, identity=Identity.BLUE))

    assert abs(len(pictures) - 30) <= 1
    assert Identity.of(probe(pictures[0])) is Identity.BLUE
    assert list(clip(film, seconds=2, size=None))[-1].size == (320, 240)


def test_a_machine_without_the_font_is_told_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr("benchmarks.signer.FONTS", (tmp_path,))
    find_font.cache_clear()

    with pytest.raises(Exception, match="fonts-noto-color-emoji"):
        find_font()

    find_font.cache_clear()


@pytest.fixture
async def page_url():
    async def page(_):
        return web.Response(text="<title>camera</title>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://localhost:{runner.addresses[0][1]}/"
    await runner.cleanup()


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
async def test_chromium_plays_the_file_at_thirty_frames_a_second(
    film, page_url, tmp_path
):
    target = tmp_path / "signer.mjpeg"
    write_mjpeg(target, drawn(Signer(Identity.VIOLET), seconds=5))
    with Image.open(io.BytesIO(target.read_bytes())) as first:
        assert first.size == SIZE

    async with async_playwright() as play:
        browser = await play.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={target}",
            ],
        )
        page = await browser.new_page()
        await page.goto(page_url)
        seen = await page.evaluate(COUNT_FRAMES)
        await browser.close()

    assert seen["fps"] >= 28
    assert seen["width"] == SIZE[0]
    assert Identity.of(tuple(seen["pixel"])) is Identity.VIOLET
