"""What the eye of the relay says of some pictures, faces and films: for its twin in a page.

``python -m tests.eye_vectors`` writes ``tests/browser/eye_vectors.json``; with
``--check`` it only says whether the file is what it would write.

``pictures`` have their luma in full range, as base64 of one byte a pixel, and the size
that edges are measured at (the twin halves it for everything else). ``faces`` are what
a detector found now and some seconds before. ``spaces`` are where the
hands of a face are looked for. ``tiles`` are the places where a small face is looked for
in a picture that stands still. ``films`` are played so: each part
goes on for its seconds, with three samples a second that differ in ``at`` only; the
frames of a third are counted with each sample; after every third sample the second is
judged, with the time of that sample as the last arrival. A part without a sample is
judged each second and brings nothing. ``verdicts`` has one for each second.
"""

import base64
import math
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from relay.eye import geometry, measures
from relay.eye.judge import Judge
from relay.eye.model import Box, FaceSeen, FrameSeen, HandsSeen, PersonLight, Sample
from relay.eye.thresholds import read_thresholds

TARGET: Final = Path(__file__).parent / "browser" / "eye_vectors.json"
THRESHOLDS: Final = read_thresholds()
BLOCK_CHANGE: Final = THRESHOLDS.motion.block_change
DIGITS: Final = 4
ALIKE: Final = 1e-3

USUAL: Final = Sample(
    at=0.0,
    size=(640, 480),
    luma_mean=125.0,
    luma_p5=30.0,
    luma_p95=200.0,
    contrast=55.0,
    texture=20.0,
    edge=1.8,
    quantizer=30,
    moving_share=0.3,
    shift=40.0,
    difference=8.0,
    person=PersonLight(face=170.0, around=180.0, dark=30.0, bright=190.0),
    frame=FrameSeen(True, True, 0.2, 0.15, below=2.6, beside=2.5),
    hands=HandsSeen(2),
)
"""Somebody signs in good light, framed well."""


def generate() -> dict[str, Any]:
    return {
        "pictures": [_picture(*painted) for painted in _painted()],
        "faces": [_framed(face, before) for face, before in _faces()],
        "spaces": [_spaced(face, aspect) for face, aspect in _seated()],
        "tiles": [_tiled(near, turn, aspect) for near, turn, aspect in _places()],
        "films": [_judged(name, parts) for name, parts in films().items()],
    }


def main(arguments: Sequence[str]) -> int:
    """Write the file, or compare it; the exit code says whether it was right."""
    made = msgspec.json.decode(msgspec.json.encode(generate()))
    if "--check" not in arguments:
        text = msgspec.json.format(msgspec.json.encode(made), indent=1)
        TARGET.write_bytes(text + b"\n")
        return 0
    if TARGET.is_file() and _is_alike(msgspec.json.decode(TARGET.read_bytes()), made):
        return 0
    sys.stderr.write(f"{TARGET.name} is old: run python -m tests.eye_vectors\n")
    return 1


def films() -> dict[str, list[dict[str, Any]]]:
    """Parts: how long, how many frames a second, and what differs from usual."""
    dark: dict[str, Any] = {
        "luma_mean": 30.0,
        "luma_p5": 6.0,
        "luma_p95": 45.0,
        "contrast": 12.0,
    }
    even = {"contrast": 0.4, "texture": 0.3, "edge": None, "person": None}
    gone = FrameSeen(seen=False, gone=True)
    still = {"moving_share": 0.0, "shift": 0.2, "difference": 0.01}
    rest = {"moving_share": 0.02, "shift": 3.0, "difference": 0.5}
    light = PersonLight(face=60.0, around=250.0, dark=5.0, bright=230.0)
    none = HandsSeen(0)
    troubles: dict[str, dict[str, Any]] = {
        "too_dark": dark,
        "camera_covered": even | {"frame": FrameSeen(seen=False)},
        "even, but a face is seen": even,
        "frozen": still,
        "somebody listens": rest | {"hands": none},
        "backlit": {"person": light},
        "low_contrast": {"person": PersonLight(130.0, 150.0, dark=110.0, bright=160.0)},
        "low_contrast without a face": {
            "luma_p5": 120.0,
            "luma_p95": 160.0,
            "person": None,
        },
        "blurred": {"edge": 4.2},
        "too_close": {"frame": _frame(height=0.55, below=0.6, beside=0.6)},
        "too_far": {"frame": _frame(height=0.06, below=8.0)},
        "hands_cut below": {"frame": _frame(below=0.8)},
        "hands_cut beside": {"frame": _frame(beside=0.1)},
        "hands_cut by landmarks": {"hands": HandsSeen(1, 0.3)},
        "face_cut": {"frame": _frame(cut=True)},
        "face_cut and gone": {"frame": gone, "person": None},
        "an empty room": rest | {"frame": gone, "person": None, "hands": none},
        "a face nobody is sure of": {"frame": FrameSeen(seen=True), "person": None},
        "hands_never_seen": {"hands": none},
        "hands between two checks": {"hands": None},
        "low_resolution": {"size": [160, 120]},
        "nearly QVGA": {"size": [318, 238]},
    }
    made = {
        name: [_part(6), _part(6, **facts), _part(6)]
        for name, facts in troubles.items()
    }
    made |= {
        "half a face, and what a detector makes of it": [
            _part(4),
            _part(1, frame=FrameSeen(seen=True, cut=True), person=None),
            _part(2, frame=FrameSeen(seen=True), person=None),
            _part(1, frame=gone, person=None),
            _part(1, frame=FrameSeen(seen=True), person=None),
            _part(4),
        ],
        "low_frame_rate": [_part(6), _part(6, fps=15), _part(6)],
        "nearly 20 a second": [_part(6), _part(6, fps=18), _part(6, fps=21)],
        "silence": [_part(6), {"seconds": 5, "fps": 0, "sample": None}, _part(3)],
        "hands seen in every other check": [
            _part(1, hands=HandsSeen(second % 2)) for second in range(20)
        ],
        "dark and slow": [_part(6), _part(6, fps=15, **dark)],
        "two seconds of darkness": [_part(6), _part(1, **dark), _part(6)],
        "movement that stops and starts": [
            _part(1, hands=none, moving_share=0.07 + 0.04 * (second % 2))
            for second in range(14)
        ],
        "never any hands": [_part(12, hands=none)],
    }
    return made


def _frame(**facts: Any) -> FrameSeen:
    usual = {"height": 0.2, "width": 0.15, "below": 2.6, "beside": 2.5}
    return FrameSeen(seen=True, sure=True, **(usual | facts))


def _part(seconds: int, fps: int = 30, **facts: Any) -> dict[str, Any]:
    return {"seconds": seconds, "fps": fps, "sample": asdict(USUAL) | facts}


def _judged(name: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    parts = msgspec.json.decode(msgspec.json.encode(parts))
    return {"name": name, "parts": parts, "verdicts": list(_verdicts(parts))}


def _verdicts(parts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    judge, now, frames, arrived = Judge(THRESHOLDS), 0, 0, 0.0
    for part in parts:
        for step in range(3 * part["seconds"]):
            if part["sample"] is not None:
                arrived = now + step / 3
                judge.look(msgspec.convert(part["sample"] | {"at": arrived}, Sample))
                frames += part["fps"] // 3
            if step % 3 < 2:
                continue
            found = judge.judge(now + (step + 1) // 3, frames=frames, arrived=arrived)
            assert found is not None
            reasons = list(found.reasons)
            yield {"legibility": found.legibility, "reasons": reasons}
        now += part["seconds"]


def _picture(
    name: str, before: measures.Gray, now: measures.Gray, face: Box | None
) -> dict[str, Any]:
    first, second = measures.halved(before), measures.halved(now)
    change = measures.change(first.small, second.small, block_change=BLOCK_CHANGE)
    assert change is not None
    part = measures.person_of(face) if face is not None else None
    return {
        "name": name,
        "width": now.shape[1],
        "height": now.shape[0],
        "before": base64.b64encode(before.tobytes()).decode(),
        "now": base64.b64encode(now.tobytes()).decode(),
        "face": face,
        "light": _rounded(asdict(measures.light(second.small))),
        "edge": _rounded(measures.edge_width(second.wide, part)),
        "person": _rounded(
            None if face is None else asdict(measures.person_light(second.small, face))
        ),
        "change": _rounded(
            {
                "moving_share": change.moving_share,
                "shift": change.shift,
                "difference": change.difference,
            }
        ),
    }


def _painted() -> Iterator[tuple[str, measures.Gray, measures.Gray, Box | None]]:
    even = np.full((48, 64), 120, np.uint8)
    person = even.copy()
    person[8:20, 24:36] = 200
    person[22:48, 16:44] = 40
    chance = random.Random(5)
    noise = [[chance.randint(-9, 9) for _ in range(64)] for _ in range(48)]
    noisy = np.clip(person + np.array(noise), 0, 255).astype(np.uint8)
    moved = np.roll(noisy, 5, axis=1)
    ramp = np.tile(np.linspace(20, 230, 64).astype(np.uint8), (48, 1))
    tall = np.ascontiguousarray(np.tile(noisy, (2, 1))[:86, :48])
    face = Box(left=0.375, top=0.17, width=0.19, height=0.25)
    yield "even", even, even, None
    yield "a person", even, person, face
    yield "noise", person, noisy, face
    yield "movement", noisy, moved, face
    yield "edges of all directions", noisy, moved, None
    yield "a ramp", even, ramp, None
    yield "tall", tall, np.ascontiguousarray(tall[::-1]), face
    yield "a face over the edge", noisy, moved, Box(-0.1, -0.1, 0.4, 0.6)


def _faces() -> Iterator[tuple[FaceSeen | None, FaceSeen | None]]:
    usual = Box(0.42, 0.2, 0.15, 0.2)
    sure = FaceSeen(0.9, usual)
    yield None, None
    yield None, sure
    boxes = [
        usual,
        Box(0.42, 0.01, 0.15, 0.2),
        Box(-0.04, 0.2, 0.15, 0.2),
        Box(0.9, 0.2, 0.15, 0.2),
        Box(0.42, 0.85, 0.15, 0.2),
        Box(0.1, 0.1, 0.7, 0.8),
        Box(0.42, 0.01, 0.5, 0.7),
    ]
    for box in boxes:
        yield FaceSeen(0.9, box), None
        yield FaceSeen(0.5, box), sure
        yield FaceSeen(0.5, box), None


def _framed(face: FaceSeen | None, before: FaceSeen | None) -> dict[str, Any]:
    frame = geometry.frame_of(face, before, THRESHOLDS.face)
    return {"face": face, "before": before, "frame": _rounded(asdict(frame))}


def _seated() -> Iterator[tuple[Box, float]]:
    for aspect in (4 / 3, 3 / 4, 16 / 9, 9 / 16):
        yield Box(0.42, 0.2, 0.2 / aspect, 0.2), aspect
        yield Box(0.5, 0.3, 0.08 / aspect, 0.1), aspect
        yield Box(0.9, 0.8, 0.1 / aspect, 0.09), aspect


def _spaced(face: Box, aspect: float) -> dict[str, Any]:
    space = geometry.signing_space(face, aspect)
    made = None if space is None else _rounded(asdict(space))
    return {"face": face, "aspect": aspect, "space": made}


def _places() -> Iterator[tuple[Box | None, int, float]]:
    for aspect in (4 / 3, 3 / 4, 16 / 9):
        for turn in (0, 4, 11):
            yield None, turn, aspect
        yield Box(0.7, 0.1, 0.04, 0.06), 1, aspect


def _tiled(near: Box | None, turn: int, aspect: float) -> dict[str, Any]:
    found = geometry.spots(near, None, turn, aspect)
    spots = [_rounded(asdict(spot)) for spot in found]
    return {"near": near, "turn": turn, "aspect": aspect, "spots": spots}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return round(value, DIGITS) if isinstance(value, float) else value


def _is_alike(old: Any, new: Any) -> bool:
    """The same but for the last digits, in which processors differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = old.keys() | new.keys()
        return old.keys() == new.keys() and all(
            _is_alike(old[key], new[key]) for key in keys
        )
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_is_alike, old, new))
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=ALIKE, abs_tol=ALIKE)
    return bool(old == new)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
