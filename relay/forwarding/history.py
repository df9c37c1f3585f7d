"""The last packets of a source, to send again what a browser lost."""

from typing import Final

SIZE: Final = 2048
"""Packets: at 280 a second about seven seconds; a 720p key frame is up to 90."""


class History:
    """A ring of packets by sequence number; the newest overwrites the oldest."""

    __slots__ = ("_packets", "_sequences")

    def __init__(self) -> None:
        self._packets: list[bytes | None] = [None] * SIZE
        self._sequences = [-1] * SIZE

    def put(self, sequence: int, packet: bytes) -> None:
        """Keep a packet."""
        slot = sequence % SIZE
        self._packets[slot] = packet
        self._sequences[slot] = sequence

    def get(self, sequence: int) -> bytes | None:
        """Give a packet, if it is still (or ever was) here."""
        slot = sequence % SIZE
        return self._packets[slot] if self._sequences[slot] == sequence else None

    def clear(self) -> None:
        """Forget everything: the source has jumped."""
        self._packets = [None] * SIZE
        self._sequences = [-1] * SIZE
