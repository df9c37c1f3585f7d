"""Numbers that wrap around: RTP counts in 16 bits and 32 bits (RFC 1982)."""


def ahead16(a: int, b: int) -> int:
    """Say how far ``a`` is ahead of ``b``, negative when it is behind."""
    return ((a - b + 0x8000) & 0xFFFF) - 0x8000


def ahead32(a: int, b: int) -> int:
    """Say how far ``a`` is ahead of ``b``, negative when it is behind."""
    return ((a - b + 0x80000000) & 0xFFFFFFFF) - 0x80000000
