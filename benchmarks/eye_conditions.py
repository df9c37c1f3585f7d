"""What the eye is shown: signing that stays legible, and each kind of trouble."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final

from benchmarks import eye_degrade as degrade
from benchmarks.eye_degrade import Change, Face, Picture
from benchmarks.eye_films import Film, Scene, Someone, filmed, frames_in, scene_of
from benchmarks.eye_films import without_hands as _without_hands
from relay.eye.reasons import Reason

CALM_S: Final = 12.1
HEAD_S: Final = 3.2
TAIL_S: Final = 8.0
"""Trouble begins up to a second after the head: verdicts come each second, and how much
of one is over when it begins is chance."""

Make = Callable[[Scene], Change]


class Kind(StrEnum):
    """What a film is for."""

    LEGIBLE = "legible"  # advice is false
    TROUBLE = "trouble"  # its reason is to be told
    SHOWN = "shown"  # nothing of the list is its own, or it may be: only shown


class FaceUnknownError(Exception):
    """Where the face is cannot be said, so no amount of this can be made."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One row for each signer.

    Attributes:
        also: reasons that say the same to who reads them here.
        of: "clips" or "drawn" when it is not for both, or something else for neither.
        rests: before the trouble they listen, so that it begins with their signing.
        silent: no picture comes any more, so that time is the wall's.
    """

    name: str
    make: Make
    reason: Reason | None = None
    also: tuple[Reason, ...] = ()
    kbps: int = 600
    layers: bool = False
    of: str = "both"
    quick: bool = False
    rests: bool = False
    silent: bool = False
    kind: Kind = Kind.TROUBLE

    @property
    def accepted(self) -> frozenset[Reason]:
        return frozenset((*([self.reason] if self.reason else ()), *self.also))

    def is_for(self, someone: Someone) -> bool:
        return self.of in {"both", "drawn" if someone.is_drawn else "clips"}


def make_film(someone: Someone, named: str) -> Film | None:
    """Film somebody in a condition; None where that cannot be made of them."""
    condition, scene = CONDITIONS[named], scene_of(someone, named)
    try:
        change = condition.make(scene)
    except FaceUnknownError:
        return None
    begins, count = 0, frames_in(CALM_S)
    if condition.kind is Kind.TROUBLE:
        begins = frames_in(HEAD_S + scene.chance.random())
        count = begins + frames_in(TAIL_S)
    loop = scene.loop
    before = degrade.swaying(loop[0], 0.5, 2) if condition.rests else _as_it_is
    pictures = (
        (before if n < begins else change)(loop[n % len(loop)], n) for n in range(count)
    )
    frames = filmed(pictures, kbps=condition.kbps, layers=condition.layers)
    return Film(frames, begins / 30 if begins else None)


def _untouched(_scene: Scene) -> Change:
    return _as_it_is


def _as_it_is(picture: Picture, _index: int) -> Picture:
    return picture


def _crop(scene: Scene) -> Change:
    """Some percent less at the sides and above; below nothing, there are the hands."""
    size = scene.chance.uniform(0.92, 0.98)
    left = scene.chance.uniform(0.0, 1 - size)
    return degrade.shows(degrade.View(left, 1 - size, size))


def _by_face(view: Callable[[Face], degrade.View]) -> Make:
    return lambda scene: degrade.shows(view(_face(scene)))


def _face(scene: Scene) -> Face:
    """Raises: FaceUnknownError."""
    if scene.face is None:
        raise FaceUnknownError(scene.someone.name)
    return scene.face


def _seed(scene: Scene) -> int:
    return scene.chance.randrange(1 << 30)


def _no_hands(scene: Scene) -> Change:
    loop = _without_hands(scene.someone)
    return lambda _, index: loop[index % len(loop)]


def _in_one_colour(scene: Scene) -> Change:
    """Wall and clothes have the colour of the face: what is around it is filled."""
    face = _face(scene)
    height, width = scene.loop[0].shape[:2]
    skin = scene.loop[0][
        round((face.top + 0.3 * face.height) * height) : round(face.chin * height),
        round((face.left + 0.2 * face.width) * width) : round(
            (face.left + 0.8 * face.width) * width
        ),
    ].reshape(-1, 3)
    colour = tuple(int(one) for one in skin[len(skin) // 2])
    r, g, b = colour
    alike = Someone(
        scene.someone.name,
        tone=scene.someone.tone,
        wall=(r, g, b),
        shirt=(r, g, b),
        seed=scene.someone.seed,
    )
    loop = scene_of(alike, "in one colour").loop
    return lambda _, index: loop[index % len(loop)]


def _legible() -> tuple[Condition, ...]:
    row = partial(Condition, kind=Kind.LEGIBLE)
    return (
        row("untouched", _untouched, quick=True),
        row("mirrored", lambda _: degrade.mirrored),
        row("cropped", _crop, quick=True),
        row("a step back", _by_face(lambda f: degrade.sized(f, 0.75 * f.height))),
        row("wide", lambda _: degrade.widened),
        row("noise", lambda s: degrade.noisy(s.chance.uniform(3, 6), _seed(s))),
        row("dimmer", lambda s: degrade.lit(s.chance.uniform(0.6, 0.8)), quick=True),
        row("brighter", lambda s: degrade.lit(s.chance.uniform(1.1, 1.25))),
        row("other lamps", lambda s: degrade.tinted(1.12, s.chance.uniform(0.75, 0.9))),
        row("320×240", lambda _: degrade.shrunk((320, 240))),
        row("soft", lambda s: degrade.softened(s.chance.uniform(0.7, 1.0))),
        row("150 kbit/s", _untouched, kbps=150, quick=True),
        row("300 kbit/s", _untouched, kbps=300),
        row("800 kbit/s", _untouched, kbps=800),
        row("three layers", _untouched, layers=True),
        row("listening", lambda s: degrade.swaying(s.loop[0], 0.5, _seed(s))),
        row(
            "listening at 150 kbit/s",
            lambda s: degrade.swaying(s.loop[0], 0.5, 1),
            kbps=150,
        ),
    )


def _troubles() -> tuple[Condition, ...]:
    row, d, r = Condition, degrade, Reason
    return (
        row(
            "covered, black",
            lambda s: d.covered(s.loop[0]),
            r.CAMERA_COVERED,
            quick=True,
        ),
        row("covered, finger", lambda _: d.fingered, r.CAMERA_COVERED),
        row("picture repeated", lambda _: d.held(), r.FROZEN, quick=True),
        row("no picture comes", lambda _: d.missing, r.FROZEN, silent=True),
        row("white at 45", lambda s: d.dimmed(s.loop, 45), r.TOO_DARK, quick=True),
        row("white at 30", lambda s: d.dimmed(s.loop, 30), r.TOO_DARK),
        row(
            "window, person at 0.35",
            lambda s: d.backlit(s.loop, _face(s), 0.35),
            r.BACKLIT,
        ),
        row(
            "window, person at 0.2",
            lambda s: d.backlit(s.loop, _face(s), 0.2),
            r.BACKLIT,
            quick=True,
        ),
        row(
            "hands below the picture",
            _no_hands,
            r.HANDS_NEVER_SEEN,
            of="drawn",
            rests=True,
            quick=True,
        ),
        row(
            "ends 0.3 faces below",
            _by_face(lambda f: d.ends_below(f, 0.3)),
            r.HANDS_NEVER_SEEN,
            also=(r.HANDS_CUT,),
            of="clips",
            rests=True,
            quick=True,
        ),
        row(
            "ends 0.9 faces below",
            _by_face(lambda f: d.ends_below(f, 0.9)),
            r.HANDS_CUT,
            quick=True,
        ),
        row(
            "ends 0.6 faces below",
            _by_face(lambda f: d.ends_below(f, 0.6)),
            r.HANDS_CUT,
        ),
        row(
            "ends 0.1 faces beside",
            _by_face(lambda f: d.ends_beside(f, 0.1)),
            r.HANDS_CUT,
        ),
        row(
            "begins at the brow",
            _by_face(lambda f: d.begins_at(f, 0.1)),
            r.FACE_CUT,
            quick=True,
        ),
        row("begins at the eyes", _by_face(lambda f: d.begins_at(f, 0.35)), r.FACE_CUT),
        row("ends in the face", _by_face(d.halved), r.FACE_CUT, also=(r.HANDS_CUT,)),
        row(
            "face 0.55 high",
            _by_face(lambda f: d.sized(f, 0.55)),
            r.TOO_CLOSE,
            quick=True,
        ),
        row("face 0.75 high", _by_face(lambda f: d.sized(f, 0.75)), r.TOO_CLOSE),
        row(
            "face 0.07 high",
            _by_face(lambda f: d.sized(f, 0.07)),
            r.TOO_FAR,
            quick=True,
        ),
        row("face 0.05 high", _by_face(lambda f: d.sized(f, 0.05)), r.TOO_FAR),
        row(
            "blur 0.05 of the face",
            lambda s: d.blurred(s.loop[0], _face(s), 0.05),
            r.BLURRED,
        ),
        row(
            "blur 0.08 of the face",
            lambda s: d.blurred(s.loop[0], _face(s), 0.08),
            r.BLURRED,
            quick=True,
        ),
        row("veil, 0.25 left", lambda _: d.veiled(0.25), r.LOW_CONTRAST),
        row("veil, 0.15 left", lambda _: d.veiled(0.15), r.LOW_CONTRAST, quick=True),
        row("all in one colour", _in_one_colour, r.LOW_CONTRAST, of="drawn"),
        row("15 pictures a second", lambda _: d.every(2), r.LOW_FRAME_RATE, quick=True),
        row("10 pictures a second", lambda _: d.every(3), r.LOW_FRAME_RATE),
        row("160×120", lambda _: d.shrunk((160, 120)), r.LOW_RESOLUTION, quick=True),
        row("256×192", lambda _: d.shrunk((256, 192)), r.LOW_RESOLUTION),
    )


def _shown() -> tuple[Condition, ...]:
    row = partial(Condition, kind=Kind.SHOWN)
    return (
        row("40 kbit/s", _untouched, kbps=40),
        row("noise of 30 levels", lambda s: degrade.noisy(30, _seed(s))),
    )


def _lights() -> tuple[Condition, ...]:
    """Less light, the same for every tone of skin, and a sensor's noise."""
    row = partial(Condition, kind=Kind.SHOWN, of="nobody by themselves")
    return (
        row("half the light", lambda _: degrade.darker(0.5)),
        row("a quarter of the light", lambda _: degrade.darker(0.25)),
    )


LIGHTS: Final = ("untouched", *(one.name for one in _lights()))
"""In which the tones of the drawn signer are compared."""

CONDITIONS: Final = {
    one.name: one for one in (*_legible(), *_troubles(), *_shown(), *_lights())
}
