"""A signer that nobody is: an emoji face and two emoji hands, drawn and moved.

MediaPipe sees one face and two hands in it, and a pixel probe recognises it by the
colour of its border, after VP8 as well. Clips of real signing get the same border. What
comes out are pictures at 30 a second; `write_mjpeg` makes the file that Chromium takes
with `--use-file-for-fake-video-capture`.
"""

import io
import itertools
import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache
from pathlib import Path

import av
from PIL import Image, ImageDraw, ImageEnhance, ImageFont

FRAMES_PER_SECOND = 30
SIZE = (640, 480)
BORDER = 20
"""Pixels on each side, in the colour that tells who it is."""

PROBE = (0.5, 0.98)
"""Where the border is in every picture, as shares of its width and height."""

FONTS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("~/.local/share/fonts").expanduser(),
    Path("/Library/Fonts"),
)
FONT_FILE = "NotoColorEmoji.ttf"
FILM_BITRATE = 3_000_000
FONT_SIZE = 109
"""The only size that the font has bitmaps of."""

Colour = tuple[int, int, int]


class Identity(Enum):
    """Colours that stay apart after VP8; the value is red, green, blue."""

    RED = (200, 40, 40)
    GREEN = (40, 160, 60)
    BLUE = (40, 70, 200)
    YELLOW = (220, 200, 40)
    VIOLET = (150, 40, 180)
    CYAN = (40, 180, 190)

    @classmethod
    def of(cls, pixel: Colour) -> "Identity":
        """The identity whose colour is nearest to a probed pixel."""
        return min(cls, key=lambda one: math.dist(one.value, pixel))


class Trouble(StrEnum):
    """What may be wrong with the picture."""

    DARK = "dark"
    FROZEN = "frozen"
    HANDS_OUT = "hands_out"
    COVERED = "covered"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who is drawn.

    Attributes:
        identity: the colour of the border; None for none.
        tone: of the skin, 0 (light) to 4 (dark).
        seed: of the movements.
    """

    identity: Identity | None
    tone: int = 2
    seed: int = 1
    wall: Colour = (176, 190, 205)
    shirt: Colour = (46, 64, 92)


class FontMissingError(Exception):
    """There is no Noto Color Emoji on this machine."""


@dataclass(frozen=True, slots=True)
class _Wave:
    """A movement that comes back to its start when the loop ends."""

    turns: tuple[int, int]
    phases: tuple[float, float]

    def at(self, share: float) -> float:
        waves = (
            math.sin(math.tau * turns * share + phase)
            for turns, phase in zip(self.turns, self.phases, strict=True)
        )
        return sum(waves) / 2


def drawn(
    signer: Signer,
    *,
    seconds: float = 6.0,
    trouble: Trouble | None = None,
    starts_s: float = 0.0,
    ends_s: float = math.inf,
) -> Iterator[Image.Image]:
    """Draw pictures, 30 a second; played again and again they do not jump.

    Raises:
        FontMissingError: the face and hands cannot be drawn.
    """
    kept: Image.Image | None = None
    for index in range(round(seconds * FRAMES_PER_SECOND)):
        at = index / FRAMES_PER_SECOND
        now = trouble if trouble and starts_s <= at < ends_s else None
        if now is Trouble.FROZEN and kept is not None:
            yield kept
            continue
        picture = _draw(signer, at, seconds, hands_out=now is Trouble.HANDS_OUT)
        kept = _degrade(picture, now)
        yield kept


def clip(
    source: Path,
    *,
    identity: Identity | None = None,
    seconds: float | None = None,
    size: tuple[int, int] | None = SIZE,
) -> Iterator[Image.Image]:
    """Present a film or GIF at 30 pictures a second, by repeating its pictures.

    Args:
        source: what PyAV can read.
        identity: draw a border of this colour.
        seconds: repeat the clip to this length; None is once.
        size: put the whole picture into this size; None leaves its own.
    """
    once = [
        picture if size is None else _fit(picture, size, identity)
        for picture in _presented(source)
    ]
    wanted = len(once) if seconds is None else round(seconds * FRAMES_PER_SECOND)
    for picture in itertools.islice(itertools.cycle(once), wanted):
        yield _with_border(picture, identity)


def write_mjpeg(target: Path, pictures: Iterable[Image.Image]) -> None:
    """Write JPEGs one after the other, as Chromium's fake camera reads them."""
    with target.open("wb") as file:
        for picture in pictures:
            buffer = io.BytesIO()
            picture.convert("RGB").save(buffer, "JPEG", quality=88)
            file.write(buffer.getvalue())


def write_webm(target: Path, pictures: Iterable[Image.Image]) -> None:
    """Write a VP8 film that any browser plays, finer than a call will be."""
    with av.open(str(target), "w", format="webm") as container:
        stream = container.add_stream("libvpx", rate=FRAMES_PER_SECOND)
        stream.options = {"deadline": "realtime", "cpu-used": "4"}
        stream.bit_rate = FILM_BITRATE
        stream.width, stream.height = SIZE
        for picture in pictures:
            container.mux(stream.encode(_frame(picture)))
        container.mux(stream.encode(None))


@cache
def find_font() -> Path:
    """Raises: FontMissingError."""
    for folder in FONTS:
        if found := sorted(folder.rglob(FONT_FILE)):
            return found[0]
    raise FontMissingError(
        f"{FONT_FILE} is not installed (Debian: fonts-noto-color-emoji).",
    )


def _draw(signer: Signer, at: float, seconds: float, *, hands_out: bool) -> Image.Image:
    width, height = SIZE
    share = at / seconds
    moves = _moves(signer.seed, seconds)
    sway = 9 * moves[0].at(share)
    picture = Image.new("RGB", SIZE, signer.wall)
    canvas = ImageDraw.Draw(picture)
    middle = width / 2 + sway
    canvas.rounded_rectangle(
        (middle - 120, 270, middle + 120, height + 60), 60, fill=signer.shirt
    )
    canvas.rectangle((width - 110, 0, width - 90, height), fill=(150, 160, 172))
    _paste(
        picture, _glyph("🧑", signer.tone), (middle, 170 + 4 * moves[1].at(share)), 0
    )
    for side, hand in ((-1, "🤚"), (1, "✋")):
        wave_x, wave_y, wave_turn = moves[2:5] if side < 0 else moves[5:8]
        x = middle + side * 150 + (110 if hands_out else 45) * wave_x.at(share)
        y = 300 + 90 * wave_y.at(share) + (330 if hands_out else 0)
        shoulder = (middle + side * 95, 310)
        canvas.line((*shoulder, x, y + 40), fill=signer.shirt, width=44)
        glyph = _glyph(hand, signer.tone)
        _paste(picture, glyph, (x, y), 14 * wave_turn.at(share))
    return _with_border(picture, signer.identity)


@cache
def _moves(seed: int, seconds: float) -> tuple[_Wave, ...]:
    """Eight movements of about one a second, different for every seed."""
    chance = random.Random(seed)  # noqa: S311  it moves hands, it guards nothing
    least, most = max(1, round(0.6 * seconds)), max(2, round(1.3 * seconds))
    return tuple(
        _Wave(
            (chance.randint(least, most), chance.randint(least, most)),
            (chance.uniform(0, math.tau), chance.uniform(0, math.tau)),
        )
        for _ in range(8)
    )


@cache
def _glyph(emoji: str, tone: int) -> Image.Image:
    font = ImageFont.truetype(str(find_font()), FONT_SIZE)
    text = emoji + chr(0x1F3FB + tone)
    box = font.getbbox(text)
    picture = Image.new("RGBA", (math.ceil(box[2]), math.ceil(box[3])))
    ImageDraw.Draw(picture).text((0, 0), text, font=font, embedded_color=True)
    return picture.crop(picture.getbbox())


def _paste(
    picture: Image.Image, glyph: Image.Image, at: tuple[float, float], turn: float
) -> None:
    turned = glyph.rotate(turn, Image.Resampling.BILINEAR, expand=True)
    corner = (round(at[0] - turned.width / 2), round(at[1] - turned.height / 2))
    picture.paste(turned, corner, turned)


def _degrade(picture: Image.Image, trouble: Trouble | None) -> Image.Image:
    if trouble is Trouble.DARK:
        return ImageEnhance.Brightness(picture).enhance(0.15)
    if trouble is Trouble.COVERED:
        return Image.new("RGB", picture.size, (9, 6, 6))
    return picture


def _with_border(picture: Image.Image, identity: Identity | None) -> Image.Image:
    if identity is None:
        return picture
    framed = picture.copy()
    box = (0, 0, framed.width - 1, framed.height - 1)
    ImageDraw.Draw(framed).rectangle(box, outline=identity.value, width=BORDER)
    return framed


def _presented(source: Path) -> Iterator[Image.Image]:
    """What a screen of 30 pictures a second shows of a film."""
    with av.open(str(source)) as container:
        frames = [(frame.time or 0.0, frame) for frame in container.decode(video=0)]
    ends = [time for time, _ in frames[1:]]
    ends.append(2 * frames[-1][0] - frames[-2][0] if len(frames) > 1 else 0.0)
    due = frames[0][0]
    for end, (_, frame) in zip(ends, frames, strict=True):
        picture: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
        while due < end - 0.5 / FRAMES_PER_SECOND:
            yield picture
            due += 1 / FRAMES_PER_SECOND


def _frame(picture: Image.Image) -> av.VideoFrame:
    frame: av.VideoFrame = av.VideoFrame.from_image(picture.convert("RGB"))  # type: ignore[no-untyped-call]
    return frame


def _fit(
    picture: Image.Image, size: tuple[int, int], identity: Identity | None
) -> Image.Image:
    border = BORDER if identity else 0
    room = (size[0] - 2 * border, size[1] - 2 * border)
    scale = min(room[0] / picture.width, room[1] / picture.height)
    fitted = picture.resize(
        (round(picture.width * scale), round(picture.height * scale))
    )
    whole = Image.new("RGB", size, identity.value if identity else (0, 0, 0))
    corner = ((size[0] - fitted.width) // 2, (size[1] - fitted.height) // 2)
    whole.paste(fitted, corner)
    return whole
