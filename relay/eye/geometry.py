"""What the place of a face says of the picture's frame, and where to look for one.

Lengths are counted in faces, because hands reach as far as a body is large: whoever
signs needs the same room, near or far, in a wide picture or in a tall one.
"""

from math import ceil

import numpy as np
from numpy.typing import NDArray

from relay.eye.model import Box, FaceSeen, FrameSeen
from relay.eye.thresholds import Face

NEAR = 4.0
"""Faces on each side of the square in which a known face is looked for again."""

REACH = 5.0
"""Faces on each side of the square in which hands sign: 70 cm, which hold one at least."""

CHIN = 0.6
"""Of a face, from its middle to the middle of that square: it ends at the waist."""

TILES = (0.5, 0.33)
"""Of the picture's shorter side, in turn: in such squares a far face is large enough."""

STEP = 0.85
"""Of a tile: so much lies between one and the next at most."""

MOVING_TILES = 1
"""How many of the tiles with most movement are looked at besides the one in turn."""


def frame_of(face: FaceSeen | None, before: FaceSeen | None, rule: Face) -> FrameSeen:
    """Say how the picture is framed round a face.

    Args:
        face: what was found now.
        before: a sure one of some seconds ago, if there was one.
        rule: how sure is sure.
    """
    if face is None:
        return FrameSeen(seen=False, gone=before is not None)
    box = face.box
    if not _is_sure(face, before, rule):
        known = before is not None and _is_like(box, before.box, rule)
        return FrameSeen(seen=True, cut=known and _touches(box, rule))
    right = 1 - box.left - box.width
    return FrameSeen(
        seen=True,
        sure=True,
        height=box.height,
        width=box.width,
        below=(1 - box.top - box.height) / box.height,
        beside=min(box.left, right) / box.width,
        cut=is_cut(box, rule),
    )


def is_still(box: Box, before: Box, rule: Face) -> bool:
    """About where it was, and about as large."""
    across = (box.left - before.left) + (box.width - before.width) / 2
    down = (box.top - before.top) + (box.height - before.height) / 2
    return (
        _is_like(box, before, rule)
        and abs(across) < before.width / 2
        and abs(down) < before.height / 2
    )


def is_cut(box: Box, rule: Face) -> bool:
    """A face ends above its brows: at the very edge the forehead is outside."""
    over = rule.cut_share
    return (
        box.top < rule.edge_margin
        or box.left < -over * box.width
        or box.left + box.width > 1 + over * box.width
        or box.top + box.height > 1 + over * box.height
    )


def best_of(faces: list[FaceSeen], rule: Face) -> FaceSeen | None:
    """The largest of those that are sure; else the surest."""
    sure = [face for face in faces if face.score >= rule.sure_score]
    if sure:
        return max(sure, key=lambda face: face.box.width * face.box.height)
    return max(faces, key=lambda face: face.score, default=None)


def spots(
    near: Box | None, blocks: NDArray[np.float32] | None, turn: int, aspect: float
) -> list[Box]:
    """Where a face too small for the whole picture may be, the likeliest place first.

    Args:
        near: the face of some seconds ago.
        blocks: how much each part of the picture moves.
        turn: of the tiles that do not move, another one each time.
        aspect: width of the picture over its height.
    """
    tiles = _tiles(aspect, TILES[turn % len(TILES)])
    places = [_square_round(near, aspect)] if near is not None else []
    if blocks is not None and blocks.any():
        moving = sorted(tiles, key=lambda tile: _amount(blocks, tile), reverse=True)
        places += moving[:MOVING_TILES]
    in_turn = tiles[turn // len(TILES) % len(tiles)]
    return places if in_turn in places else [*places, in_turn]


def signing_space(face: Box, aspect: float) -> Box | None:
    """Where hands are looked for; None where that is the whole picture.

    A detector of palms sees what it is shown at 192 pixels. Of somebody far from the
    camera, or before a wide one, it would find hands as seldom as they are small.
    """
    side = REACH * _size(face, aspect)
    if side >= max(aspect, 1.0):
        return None
    across = face.left + face.width / 2
    return _square(across, face.top + (0.5 + CHIN) * face.height, side, aspect)


def _is_sure(face: FaceSeen, before: FaceSeen | None, rule: Face) -> bool:
    """A face that is known is believed sooner, unless half of it may be outside."""
    if face.score >= rule.sure_score:
        return True
    known = before is not None and _is_like(face.box, before.box, rule)
    whole = known and not _touches(face.box, rule)
    return whole and face.score >= rule.known_score


def _touches(box: Box, rule: Face) -> bool:
    """It ends at an edge: of half a face the detector makes a whole one inside."""
    margin = rule.edge_margin
    left, top = box.left, box.top
    right, bottom = left + box.width, top + box.height
    return min(left, top, 1 - right, 1 - bottom) < margin


def _is_like(box: Box, before: Box, rule: Face) -> bool:
    """About as large as it was: what fills a blurred picture is no face."""
    ratio = box.height / before.height
    return 1 / rule.like_ratio <= ratio <= rule.like_ratio


def _square_round(face: Box, aspect: float) -> Box:
    across, down = face.left + face.width / 2, face.top + face.height / 2
    return _square(across, down, NEAR * _size(face, aspect), aspect)


def _size(face: Box, aspect: float) -> float:
    """The longer side of a face, as a share of the picture's height."""
    return max(face.width * aspect, face.height)


def _square(across: float, down: float, side: float, aspect: float) -> Box:
    """The square round a place, moved into the picture; its side is of the height."""
    width, height = min(side / aspect, 1.0), min(side, 1.0)
    left, top = across - width / 2, down - height / 2
    return Box(
        min(max(left, 0.0), 1 - width), min(max(top, 0.0), 1 - height), width, height
    )


def _tiles(aspect: float, share: float) -> list[Box]:
    side = share * min(aspect, 1.0)  # of the picture's height
    width, height = side / aspect, side
    return [
        Box(left, top, width, height)
        for top in _starts(height)
        for left in _starts(width)
    ]


def _starts(length: float) -> list[float]:
    steps = ceil((1 - length) / (STEP * length))
    return [(1 - length) * step / steps for step in range(steps + 1)]


def _amount(blocks: NDArray[np.float32], tile: Box) -> float:
    rows, columns = blocks.shape
    part = blocks[
        int(tile.top * rows) : ceil((tile.top + tile.height) * rows),
        int(tile.left * columns) : ceil((tile.left + tile.width) * columns),
    ]
    return float(part.sum())
