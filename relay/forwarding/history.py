"""The last packets of a source, to send again what a browser lost."""

from typing import Final

SIZE: Final = 2048
"""Packets: at 280 a second about seven seconds; a 720p key frame is up to 90."""


class History:
    """A ring of packets by sequence number; the newest overwrites the oldest."""

    __slots__ = ("_packets",)

    def __init__(self) -> None:
        self._packets: list[bytes] = [b""] * SIZE

    def put(self, sequence: int, packet: bytes) -> None:
        """Keep a packet of RTP, which bears its number itself."""
        self._packets[sequence % SIZE] = packet

    def get(self, sequence: int) -> bytes | None:
        """Give a packet, if it is still (or ever was) here."""
        packet = self._packets[sequence % SIZE]
        if len(packet) < 4 or packet[2] << 8 | packet[3] != sequence:
            return None
        return packet

    def clear(self) -> None:
        """Forget everything: the source has jumped."""
        self._packets = [b""] * SIZE
