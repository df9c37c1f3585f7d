# ruff: noqa: SLF001 - the one file that may for pylibsrtp
"""The one file with private names of pylibsrtp: packets sealed and opened.

A contract test pins them.
"""

from typing import Final, cast

from pylibsrtp import SRTP_MAX_SRTCP_TRAILER_LEN, SRTP_MAX_TRAILER_LEN, Session
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found]

from relay.transport.media_path import MAX_DATAGRAM

MAX_RTP: Final = MAX_DATAGRAM - SRTP_MAX_TRAILER_LEN
MAX_RTCP: Final = MAX_DATAGRAM - SRTP_MAX_SRTCP_TRAILER_LEN
"""Browsers send 1,200 bytes at most; what is longer than these is not sealed."""

_protect: Final = lib.srtp_protect
_protect_rtcp: Final = lib.srtp_protect_rtcp
_unprotect: Final = lib.srtp_unprotect
_unprotect_rtcp: Final = lib.srtp_unprotect_rtcp


class SrtpCipher:
    """One direction of SRTP on a buffer that is kept.

    pylibsrtp makes a length and a slice for each packet; what is made here is only the
    bytes that leave. libsrtp works in place and wants the beginning aligned to 4 bytes.
    """

    __slots__ = ("_buffer", "_inner", "_kept", "_length", "_session")

    def __init__(self, session: Session) -> None:
        self._session = session  # its end frees what `_inner` points to
        self._inner = session._srtp[0]
        self._kept = ffi.new("char[]", MAX_DATAGRAM)
        self._buffer = ffi.buffer(self._kept)
        self._length = ffi.new("int *")

    def open(self, data: bytes) -> bytes:
        """Decrypt an RTP packet; empty when it is not authentic, or was replayed."""
        length = self._length
        length[0] = size = len(data)
        self._buffer[:size] = data
        if _unprotect(self._inner, self._kept, length):
            return b""
        return cast("bytes", self._buffer[: length[0]])

    def open_control(self, data: bytes) -> bytes:
        """Decrypt an RTCP datagram, likewise."""
        length = self._length
        length[0] = size = len(data)
        self._buffer[:size] = data
        if _unprotect_rtcp(self._inner, self._kept, length):
            return b""
        return cast("bytes", self._buffer[: length[0]])

    def seal(self, head: bytes, payload: bytes) -> bytes:
        """Encrypt an RTP packet; empty when it cannot be sealed."""
        length = self._length
        begun = len(head)
        size = begun + len(payload)
        if size > MAX_RTP:
            return b""
        buffer = self._buffer
        buffer[:begun] = head
        buffer[begun:size] = payload
        length[0] = size
        if _protect(self._inner, self._kept, length):
            return b""
        return cast("bytes", buffer[: length[0]])

    def seal_control(self, packet: bytes) -> bytes:
        """Encrypt an RTCP datagram, likewise."""
        length = self._length
        length[0] = size = len(packet)
        if size > MAX_RTCP:
            return b""
        self._buffer[:size] = packet
        if _protect_rtcp(self._inner, self._kept, length):
            return b""
        return cast("bytes", self._buffer[: length[0]])
