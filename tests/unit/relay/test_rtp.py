from hypothesis import given
from hypothesis import strategies as st

from relay.forwarding import rtp
from relay.forwarding.head import ExtensionIds, Head, send_time
from tests.unit.relay import packets


def test_the_payload_begins_behind_contributors_and_extensions():
    packet = bytes([0x91, 96]) + bytes(10) + bytes(4) + b"\xbe\xde\x00\x01abcdHELLO"

    assert packet[rtp.payload_offset(packet) :] == b"HELLO"


def test_a_packet_whose_lengths_lie_is_none():
    assert rtp.payload_offset(b"") == -1
    assert rtp.payload_offset(bytes(12)) == -1
    assert rtp.payload_offset(bytes([0x8F]) + bytes(20)) == -1
    assert rtp.payload_offset(bytes([0x90]) + bytes(13)) == -1
    assert rtp.payload_offset(bytes([0x90]) + bytes(11) + b"\xbe\xde\xff\xff") == -1


def test_padding_that_lies_is_noticed():
    assert rtp.payload_end(bytes([0xA0]) + bytes(11) + b"ab\x02", 12) == 13
    assert rtp.payload_end(bytes([0xA0]) + bytes(11) + b"ab\x00", 12) == -1
    assert rtp.payload_end(bytes([0xA0]) + bytes(11) + b"ab\xff", 12) == -1


def test_extensions_of_both_forms_are_read():
    one = bytes([0x90]) + bytes(11) + b"\xbe\xde\x00\x02" + b"\x41ab\x20c\0\0\0"
    two = bytes([0x90]) + bytes(11) + b"\x10\x00\x00\x02" + b"\x04\x02ab\x02\x01c\0"

    assert list(rtp.extensions(one)) == [(4, b"ab"), (2, b"c")]
    assert list(rtp.extensions(two)) == [(4, b"ab"), (2, b"c")]


def test_a_retransmission_gives_the_original_back():
    original = packets.rtp(700, 9000, b"payload", marker=True)
    wrapped = packets.rtx(5, 700, b"payload", timestamp=9000, marker=True)

    assert rtp.unwrap_rtx(wrapped, 12, 1001, 96) == original


def test_a_retransmission_without_an_original_is_none():
    assert rtp.unwrap_rtx(packets.rtp(5, 0, b"\x01"), 12, 1001, 96) is None


def test_a_new_head_carries_mid_and_time_and_the_same_payload():
    head = Head(ExtensionIds(mid=4, abs_send_time=2), "vid")

    made = head.make(0xB3, 0x80 | 96, 7, 8, 9, 1.5) + b"payload"

    assert made[0] == 0xB0
    assert made[rtp.payload_offset(made) :] == b"payload"
    assert dict(rtp.extensions(made)) == {
        4: b"vid",
        2: send_time(1.5).to_bytes(3),
    }
    assert packets.sequence_of(made), packets.timestamp_of(made) == (7, 8)


def test_a_head_without_extensions_has_none():
    made = Head(ExtensionIds(), "1").make(0x90, 96, 7, 8, 9, 1.5)

    assert made == packets.rtp(7, 8, b"", marker=False, ssrc=9)


def test_an_audio_level_is_passed_on():
    head = Head(ExtensionIds(mid=4, audio_level=1), "0")

    made = head.make(0x90, 111, 7, 8, 9, 1.5, 0x8A) + b"sound"

    assert dict(rtp.extensions(made)) == {1: b"\x8a", 4: b"0"}
    assert made[rtp.payload_offset(made) :] == b"sound"


@given(st.binary(max_size=64))
def test_no_bytes_raise(data):
    offset = rtp.payload_offset(data)
    list(rtp.extensions(data))
    if offset >= 0:
        rtp.payload_end(data, offset)
        rtp.unwrap_rtx(data, offset, 1, 96)
