"""DTLS records told apart without a key (RFC 6347 §4.1)."""

from typing import Final

_ALERT: Final = 21
_HEAD: Final = 13
_MAJOR: Final = 0xFE
_FIRST: Final = 20
_LAST: Final = 63
"""First bytes of DTLS (RFC 7983): aiortc takes what begins otherwise for media."""

_UNIFIED: Final = 32


def sound_records(data: bytes) -> bytes:
    """Leave out of a datagram what proves nothing: alerts in the clear, torn records.

    Anybody can write an alert of epoch 0, and OpenSSL would end the handshake for it;
    such records may be dropped in silence (RFC 6347 §4.1.2.7). A browser that gives up
    during the handshake is noticed by the time-out. Behind a record without a sound head
    nothing can be told apart, so the rest goes with it, and nothing that is kept begins
    as media do: aiortc would take it for them, and end at one that is too long. Records
    with the short head of DTLS 1.3 are always sealed.
    """
    kept: list[bytes] = []
    at = 0
    while at < len(data):
        if data[at] >= _UNIFIED:
            if data[at] <= _LAST:
                kept.append(data[at:])
            break
        end = _end(data, at)
        if end < 0:
            break
        if data[at] != _ALERT or data[at + 3] or data[at + 4]:
            kept.append(data[at:end])
        at = end
    return b"".join(kept)


def _end(data: bytes, at: int) -> int:
    if at + _HEAD > len(data) or data[at] < _FIRST or data[at + 1] != _MAJOR:
        return -1
    end = at + _HEAD + (data[at + 11] << 8 | data[at + 12])
    return end if end <= len(data) else -1
