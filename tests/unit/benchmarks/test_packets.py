"""A film as packets: what a browser would send, for ever without a hole."""

import itertools

import pytest

from benchmarks.packets import MAX_PAYLOAD, SPREAD, Projector, cut, film
from benchmarks.shown import Shown
from relay.forwarding import rtp, vp8

SECOND = 1.0
TYPE = 96


@pytest.fixture(scope="module")
def small():
    return film(seconds=1, size=(160, 96), kbps=400)


def shots(projector, seconds):
    """What a projector gives until then: (when, piece, payload)."""
    given = (projector.piece() for _ in itertools.count())
    return list(itertools.takewhile(lambda shot: shot[0] < seconds, given))


def as_packets(projector, shots):
    """The pictures of a film as RTP packets, numbered without a hole."""
    videos = [shot for shot in shots if shot[1].video]
    for number, (at, piece, payload) in enumerate(videos):
        second = TYPE | (0x80 if piece.marker else 0)
        timestamp = projector.timestamp(at, piece)
        yield at, rtp.HEADER.pack(0x80, second, number, timestamp, 7) + payload


def described(shots):
    found = [vp8.describe(p, 0, len(p)) for _, piece, p in shots if piece.video]
    return [one for one in found if one is not None and one.starts_frame]


def test_the_pieces_of_a_frame_are_whole_and_about_equal():
    data = bytes(range(256)) * 13

    pieces = cut(data)

    assert b"".join(pieces) == data
    assert max(map(len, pieces)) <= MAX_PAYLOAD
    assert max(map(len, pieces)) - min(map(len, pieces)) <= 1


def test_a_film_has_thirty_pictures_and_fifty_sounds_a_second(small):
    videos = [p for p in small.pieces if p.video]

    assert sum(p.starts for p in videos) == sum(p.marker for p in videos) == 30
    assert len(small.pieces) - len(videos) == 50
    assert all(p.at - p.picture / 30 <= SPREAD for p in videos)


def test_its_layers_are_those_of_l1t3(small):
    layers = [p.layer for p in small.pieces if p.video and p.starts]

    assert layers[:8] == [0, 2, 1, 2, 0, 2, 1, 2]


def test_numbers_and_times_run_on_from_one_showing_to_the_next(small):
    projector = Projector(small, first_picture=0x7FF0)

    given = shots(projector, 3 * SECOND)

    pictures = described(given)
    ids = [one.picture_id for one in pictures]
    assert ids == [(0x7FF0 + n) & 0x7FFF for n in range(90)]
    bases = [one.tl0 for one in pictures if one.temporal_id == 0]
    assert bases == list(range(len(bases)))
    assert [at for at, _, _ in given] == sorted(at for at, _, _ in given)
    times = {projector.timestamp(at, p) for at, p, _ in given if p.video}
    assert sorted(times) == [n * 3000 for n in range(90)]


def test_a_key_frame_takes_the_next_pictures_place(small):
    projector = Projector(small)
    given = []
    while not projector.is_between_pictures:
        given.append(projector.piece())

    projector.rewind(0.5)

    given += shots(projector, 0.9)
    pictures = described(given)
    ids = [one.picture_id for one in pictures]
    bases = [one.tl0 for one in pictures if one.temporal_id == 0]
    assert [one.key for one in pictures].count(True) == 2
    assert ids == list(range(len(ids)))
    assert bases == list(range(len(bases)))
    assert next(at for at, piece, _ in given[1:] if piece is given[0][1]) == 0.5


def test_a_film_is_shown_whole_in_any_order(small):
    projector = Projector(small)
    packets = list(as_packets(projector, shots(projector, SECOND)))
    swapped = [p for n in range(0, len(packets), 2) for p in packets[n : n + 2][::-1]]

    shown = Shown()
    for at, packet in swapped:
        shown.hear(packet, at)

    assert shown.frames == 30
    assert shown.keys == 1
    assert not shown.jumps


def test_a_lost_packet_costs_its_picture(small):
    projector = Projector(small)
    packets = list(as_packets(projector, shots(projector, SECOND)))
    lost = next(n for n in range(40, 99) if packets[n][1][1] & 0x80)

    shown = Shown()
    for at, packet in packets[:lost] + packets[lost + 1 :]:
        shown.hear(packet, at)

    assert shown.frames == 29
    assert shown.jumps == 1
    assert shown.worst_gap > 1.5 / 30
