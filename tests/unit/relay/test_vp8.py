from hypothesis import given
from hypothesis import strategies as st

from relay.forwarding.vp8 import describe, renumber, starts_key_frame
from tests.unit.relay.packets import described, vp8


def test_a_descriptor_is_read_whole():
    payload = bytes([0x90, 0xF0, 0x81, 0x02, 0x07, 0xA3, 0x00]) + b"frame"

    found = described(payload)

    assert (found.starts_frame, found.key) == (True, True)
    assert (found.picture_id, found.wide, found.tl0) == (0x102, True, 7)
    assert (found.temporal_id, payload[found.length :]) == (2, b"\x00frame")


def test_a_descriptor_cut_short_is_none():
    payload = vp8(key=True, body=b"")
    for end in range(len(payload)):
        assert describe(payload, 0, end) is None


def test_only_the_first_packet_of_a_key_frame_starts_one():
    for payload, claim in (
        (vp8(key=True), True),
        (vp8(key=False), False),
        (vp8(key=True, start=False), False),
    ):
        assert starts_key_frame(payload, 0) is claim


@given(st.integers(0, 0x7FFF), st.integers(0, 0x7FFF), st.integers(0, 255))
def test_renumbering_moves_both_counters_round_their_ends(picture, offset, tl0):
    payload = renumber(vp8(picture=picture, tl0=tl0), offset, 3)

    found = described(payload)
    assert found.picture_id == (picture + offset) % 0x8000
    assert found.tl0 == (tl0 + 3) % 256
    assert payload[found.length :] == b"\x01body"


def test_a_narrow_picture_id_stays_narrow():
    payload = bytes([0x90, 0x80, 0x7F, 0x01, 0xFF])

    assert renumber(payload, 1, 0) == bytes([0x90, 0x80, 0x00, 0x01, 0xFF])


@given(st.binary(max_size=16), st.integers(0, 0x7FFF))
def test_no_bytes_raise(payload, offset):
    describe(payload, 0, len(payload))
    assert len(renumber(payload, offset, offset & 0xFF)) == len(payload)
