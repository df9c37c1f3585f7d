"""Looking for the face of one stream."""

import numpy as np

from relay.eye.model import Box, FaceSeen
from relay.eye.seeker import WIDE, WIDTH, Seeker
from relay.eye.thresholds import read_thresholds

RULE = read_thresholds().face
USUAL = FaceSeen(0.9, Box(0.42, 0.2, 0.15, 0.2))
SMALL = FaceSeen(0.9, Box(0.48, 0.3, 0.04, 0.06))


class Room:
    """Finds what a test has put into it, and remembers where it looked."""

    def __init__(self):
        self.whole = None
        self.parts = None
        self.spots = []
        self.widths = []

    def find(self, _picture):
        return self.whole

    def find_at(self, _picture, spots):
        self.spots = list(spots)
        return self.parts

    def picture(self, width):
        self.widths.append(width)
        return np.zeros((width * 3 // 4, width, 3), np.uint8)


def seeking(**found):
    room = Room()
    vars(room).update(found)
    return room, Seeker(room, RULE)


def test_a_near_face_is_found_in_the_whole_picture_and_nowhere_else():
    room, seeker = seeking(whole=USUAL)

    frame = seeker.seek(room.picture, 0.0, None)

    assert frame.sure
    assert room.widths == [WIDTH]
    assert seeker.face(0.5) == USUAL.box


def test_a_far_face_is_found_in_a_part():
    room, seeker = seeking(parts=SMALL)

    frame = seeker.seek(room.picture, 0.0, None)

    assert frame.sure
    assert frame.height == SMALL.box.height
    assert room.widths == [WIDTH, WIDE]


def test_a_face_is_looked_for_first_where_it_was():
    room, seeker = seeking(parts=SMALL)
    seeker.seek(room.picture, 0.0, None)

    seeker.seek(room.picture, 1.0, None)

    first = room.spots[0]
    assert first.left < SMALL.box.left < first.left + first.width
    assert first.width < 0.25


def test_a_face_that_is_lost_is_gone_and_says_nothing_of_the_light_any_more():
    room, seeker = seeking(whole=USUAL)
    seeker.seek(room.picture, 0.0, None)
    room.whole = None

    frame = seeker.seek(room.picture, 1.0, None)

    assert frame.gone
    assert seeker.face(1.0) is None


def test_a_doubtful_face_where_one_was_keeps_its_light():
    room, seeker = seeking(whole=USUAL)
    seeker.seek(room.picture, 0.0, None)
    room.whole = FaceSeen(0.45, USUAL.box)

    seeker.seek(room.picture, 1.0, None)

    assert seeker.face(1.0) == USUAL.box


def test_a_doubtful_face_elsewhere_does_not():
    room, seeker = seeking(whole=USUAL)
    seeker.seek(room.picture, 0.0, None)
    room.whole = FaceSeen(0.45, Box(0.42, 0.0, 0.15, 0.2))

    seeker.seek(room.picture, 1.0, None)

    assert seeker.face(1.0) is None


def test_the_hands_of_a_small_face_are_looked_for_round_it_while_it_is_known():
    room, seeker = seeking(parts=SMALL)
    assert seeker.space(0.0, 4 / 3) is None

    seeker.seek(room.picture, 0.0, None)

    space = seeker.space(0.5, 4 / 3)
    assert space.left < SMALL.box.left < space.left + space.width < 1
    assert seeker.space(0.5 + RULE.light_s, 4 / 3) is None


def test_a_face_is_forgotten_after_some_seconds():
    room, seeker = seeking(whole=USUAL)
    seeker.seek(room.picture, 0.0, None)
    room.whole = None

    frame = seeker.seek(room.picture, RULE.memory_s + 1, None)

    assert not frame.gone
