from hypothesis import given
from hypothesis import strategies as st

from relay.forwarding.frames import FrameAssembler
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


def frame(assembler, timestamp, *parts):
    """Feed (sequence, payload, marker) and list the frames that come out."""
    found = [assembler.add(s, timestamp, p, marker=m) for s, p, m in parts]
    return [one for one in found if one is not None]


def test_a_frame_is_put_together_whatever_the_order():
    first, second = vp8(key=True, body=b"ab"), vp8(start=False, body=b"cd")

    [made] = frame(FrameAssembler(), 90, (6, second, True), (5, first, False))

    assert made.data == b"\x00ab\x01cd"
    assert (made.key, made.timestamp, made.temporal_id) == (True, 90, 0)


def test_a_frame_with_a_hole_never_comes():
    assembler = FrameAssembler()

    assert not frame(assembler, 90, (5, vp8(key=True), False), (7, vp8(), True))
    assert frame(assembler, 93, (8, vp8(), True))
    assert not frame(assembler, 90, (6, vp8(start=False), False))


def test_unfinished_frames_do_not_pile_up():
    assembler = FrameAssembler()
    for n in range(1000):
        assembler.add(n * 3, n * 3000, vp8(), marker=False)

    assert len(assembler._pending) <= 5


@given(
    st.lists(
        st.tuples(
            st.integers(0, 20), st.integers(0, 3), st.binary(max_size=8), st.booleans()
        ),
        max_size=60,
    )
)
def test_no_order_of_packets_raises(parts):
    assembler = FrameAssembler()
    for sequence, timestamp, payload, marker in parts:
        assembler.add(sequence, timestamp, payload, marker=marker)
