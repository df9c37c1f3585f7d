"""Looks for the face of one stream: in the whole picture, then where it may be small."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from relay.eye.geometry import frame_of, is_still, signing_space, spots
from relay.eye.model import Box, FaceSeen, FrameSeen
from relay.eye.thresholds import Face

WIDTH = 320
"""Pixels of the picture that is searched as a whole."""

WIDE = 640
"""Pixels of the picture whose parts are searched."""

RGB = NDArray[np.uint8]


class FindsFaces(Protocol):
    def find(self, picture: RGB) -> FaceSeen | None: ...

    def find_at(self, picture: RGB, spots: Iterable[Box]) -> FaceSeen | None: ...


class Seeker:
    """Remembers for some seconds where a face was, and nothing else of it.

    Attributes:
        looks: at how many pictures or parts of one the last search looked.
    """

    def __init__(self, faces: FindsFaces, rule: Face) -> None:
        self.looks = 0
        self._faces = faces
        self._rule = rule
        self._face: FaceSeen | None = None
        self._at = 0.0
        self._is_there = False
        self._turn = 0

    def seek(
        self,
        picture: Callable[[int], RGB],
        at: float,
        blocks: NDArray[np.float32] | None,
    ) -> FrameSeen:
        """Look for a face now.

        Args:
            picture: makes the picture in a width.
            at: now.
            blocks: where it moves.
        """
        before = self._known(at, self._rule.memory_s)
        face = self._search(picture, before, blocks)
        frame = frame_of(face, before, self._rule)
        self._is_there = frame.sure or _is_still(face, before, self._rule)
        if face is not None and frame.sure:
            self._face, self._at = face, at
        return frame

    def face(self, at: float) -> Box | None:
        """Where the face is, if the last search found it not long ago."""
        known = self._known(at, self._rule.light_s) if self._is_there else None
        return known.box if known is not None else None

    def space(self, at: float, aspect: float) -> Box | None:
        """Where hands are looked for, if that is not the whole picture."""
        face = self.face(at)
        return None if face is None else signing_space(face, aspect)

    def _known(self, at: float, span_s: float) -> FaceSeen | None:
        return self._face if at - self._at <= span_s else None

    def _search(
        self,
        picture: Callable[[int], RGB],
        before: FaceSeen | None,
        blocks: NDArray[np.float32] | None,
    ) -> FaceSeen | None:
        self.looks = 1
        found = self._faces.find(picture(WIDTH))
        if found is not None:
            return found
        wide = picture(WIDE)
        near = before.box if before is not None else None
        self._turn += 1
        places = spots(near, blocks, self._turn, wide.shape[1] / wide.shape[0])
        return self._faces.find_at(wide, self._counted(places))

    def _counted(self, places: list[Box]) -> Iterator[Box]:
        for place in places:
            self.looks += 1
            yield place


def _is_still(face: FaceSeen | None, before: FaceSeen | None, rule: Face) -> bool:
    if face is None or before is None:
        return False
    return is_still(face.box, before.box, rule)
