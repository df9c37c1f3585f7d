from hypothesis import given
from hypothesis import strategies as st

from relay.transport.records import sound_records

ALERT, HANDSHAKE = 21, 22


def record(kind, body, epoch=0):
    head = bytes([kind, 254, 253]) + epoch.to_bytes(2) + bytes(6)
    return head + len(body).to_bytes(2) + body


HELLO = record(HANDSHAKE, b"hello")
CLEAR = record(ALERT, b"\x02\x28")
SEALED = record(ALERT, b"sealed", epoch=1)


def test_an_alert_in_the_clear_is_left_out_wherever_it_stands():
    assert sound_records(CLEAR) == b""
    assert sound_records(CLEAR + HELLO) == HELLO
    assert sound_records(HELLO + CLEAR + CLEAR) == HELLO


def test_handshakes_and_sealed_alerts_stay_as_they_are():
    assert sound_records(HELLO + SEALED + HELLO) == HELLO + SEALED + HELLO


def test_a_torn_record_is_left_out_with_all_behind_it():
    """OpenSSL skips its head alone, so an alert could hide in its body."""
    other_version = HELLO[:1] + b"\x01\x01" + HELLO[3:]

    assert sound_records(HELLO + CLEAR[:-1]) == HELLO
    assert sound_records(HELLO + HELLO[:-1]) == HELLO
    assert sound_records(HELLO + other_version + CLEAR) == HELLO


def test_a_record_of_dtls_1_3_passes_with_all_behind_it():
    assert sound_records(HELLO + b"\x2c" * 5) == HELLO + b"\x2c" * 5


def test_media_behind_a_record_are_left_out():
    """aiortc would take what begins so for SRTP, and 1,500 bytes of it end its leg."""
    for first in (*range(20), *range(64, 256)):
        assert sound_records(CLEAR + bytes([first]) * 1600) == b""
        assert sound_records(bytes([first, 0xFE]) * 20) == b""


RECORDS = st.builds(
    record, st.integers(20, 63), st.binary(max_size=20), st.integers(0, 2)
)


@given(st.lists(st.one_of(RECORDS, st.binary(max_size=30)), max_size=6).map(b"".join))
def test_no_bytes_raise_and_nothing_is_added(data):
    kept = sound_records(data)

    assert len(kept) <= len(data)
    assert not kept or 19 < kept[0] < 64
    assert sound_records(kept) == kept
