"""Datagrams in and out of one leg: sealed, opened, counted, and nothing ends."""

import pytest
from pylibsrtp import Error, Policy, Session
from structlog.testing import capture_logs

from relay.transport.media_path import (
    LOG_EVERY,
    MAX_DATAGRAM,
    MAX_SSRCS,
    MEDIA_A_SECOND,
    TALK_A_SECOND,
    MediaPath,
)
from relay.transport.srtp import MAX_RTCP, MAX_RTP, SrtpCipher
from relay.transport.wire import Wire
from tests.unit.relay.packets import rtp

PROFILES = {
    "AES_128_CM_80": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 30),
    "AEAD_AES_128_GCM": (Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 28),
    "AEAD_AES_256_GCM": (Policy.SRTP_PROFILE_AEAD_AES_256_GCM, 44),
}
REPORT = b"\x80\xc9\0\1\0\0\0\7"


def sessions(profile="AEAD_AES_256_GCM"):
    """An outgoing session and the incoming one that understands it."""
    kind, length = PROFILES[profile]
    return [
        Session(Policy(key=bytes(range(length)), ssrc_type=way, srtp_profile=kind))
        for way in (Policy.SSRC_ANY_OUTBOUND, Policy.SSRC_ANY_INBOUND)
    ]


class Path:
    """A leg's fast path with keys, its far end, and what came of it."""

    def __init__(self):
        self.now = 0.0
        self.sent: list[bytes] = []
        self.heard: list[tuple[str, bytes]] = []
        self.wire = Wire()
        self.far, incoming = sessions()
        self.ear = sessions()[1]
        self.path = MediaPath(self.sent.append, self.wire, lambda: self.now)
        self.path.on_rtp = lambda data, now: self.heard.append(("rtp", data))
        self.path.on_rtcp = lambda data, now: self.heard.append(("rtcp", data))
        self.path.open(SrtpCipher(incoming), SrtpCipher(sessions()[0]))


@pytest.mark.parametrize("profile", PROFILES)
def test_the_kept_buffer_seals_and_opens_as_pylibsrtp_does(profile):
    mine, theirs = sessions(profile), sessions(profile)
    cipher = [SrtpCipher(session) for session in mine]

    for n in range(300):
        packet = rtp(n, n, bytes([n & 0xFF]) * (n * 4))
        sealed = cipher[0].seal(packet[:12], packet[12:])
        assert sealed == theirs[0].protect(packet)
        assert cipher[1].open(sealed) == packet
        sealed = cipher[0].seal_control(REPORT * (n // 8 + 1))
        assert sealed == theirs[0].protect_rtcp(REPORT * (n // 8 + 1))
        assert cipher[1].open_control(sealed) == REPORT * (n // 8 + 1)


def test_what_is_forged_replayed_or_too_long_gives_nothing():
    outgoing, incoming = sessions()
    cipher = SrtpCipher(incoming)
    sealed = outgoing.protect(rtp(1, 1, b"body"))

    assert cipher.open(sealed[:-1] + bytes([sealed[-1] ^ 1])) == b""
    assert cipher.open(sealed) == rtp(1, 1, b"body")
    assert cipher.open(sealed) == b""
    assert SrtpCipher(outgoing).seal(rtp(2, 1, b""), b"x" * (MAX_RTP - 11)) == b""
    assert SrtpCipher(outgoing).seal_control(b"\x80" * (MAX_RTCP + 1)) == b""
    with pytest.raises(Error):
        incoming.unprotect(sealed)


def test_rtp_and_rtcp_are_told_apart_and_handed_on_plain():
    one = Path()
    one.path.take(one.far.protect(rtp(1, 1, b"body")))
    one.path.take(one.far.protect_rtcp(REPORT))

    assert one.heard == [("rtp", rtp(1, 1, b"body")), ("rtcp", REPORT)]
    assert one.wire == Wire(packets_in=2)


def test_what_is_sent_is_understood_by_the_far_end():
    one = Path()
    one.path.send_rtp(rtp(1, 1, b""), b"body")
    one.path.send_rtcp(REPORT)

    assert one.ear.unprotect(one.sent[0]) == rtp(1, 1, b"body")
    assert one.ear.unprotect_rtcp(one.sent[1]) == REPORT


def test_nothing_passes_before_the_handshake_and_after_the_end():
    one = Path()
    sealed = one.far.protect(rtp(1, 1, b"body"))
    one.path.close()

    one.path.take(sealed)
    one.path.send_rtp(rtp(1, 1, b""), b"body")
    one.path.send_rtcp(REPORT)

    assert (one.heard, one.sent) == ([], [])
    assert one.wire == Wire(unsent=2)


def test_hostile_datagrams_are_counted_by_what_is_wrong_with_them():
    one = Path()
    for data in (b"\x80" * 11, b"\x80" * (MAX_DATAGRAM + 1)):
        one.path.take(data)
    for data in (b"\x80" * 12, b"\x80" * MAX_DATAGRAM, b"\x80\xc8" * 40):
        one.path.take(data)

    assert one.wire == Wire(packets_in=5, malformed=2, undecipherable=3)
    assert one.heard == []


def test_a_browser_that_speaks_under_ever_new_names_is_heard_under_some_only():
    one = Path()
    for ssrc in range(1, 3 * MAX_SSRCS):
        one.path.take(one.far.protect(rtp(1, 1, b"body", ssrc=ssrc)))
        report = REPORT[:4] + (ssrc + MAX_SSRCS // 2).to_bytes(4)
        one.path.take(one.far.protect_rtcp(report))
    one.heard.clear()
    one.path.take(one.far.protect(rtp(2, 1, b"new", ssrc=1)))
    one.path.take(one.far.protect(rtp(2, 1, b"new", ssrc=2 * MAX_SSRCS)))

    assert one.heard == [("rtp", rtp(2, 1, b"new", ssrc=1))]
    assert one.wire.unknown > 2 * MAX_SSRCS
    assert one.wire.undecipherable == 0


def test_who_has_no_keys_uses_up_none_of_the_names():
    one = Path()
    for ssrc in range(5, 5 + 2 * MAX_SSRCS):
        one.path.take(rtp(1, 1, b"body" * 9, ssrc=ssrc))
    one.path.take(one.far.protect(rtp(1, 1, b"body", ssrc=3)))

    assert one.wire == Wire(packets_in=2 * MAX_SSRCS + 1, undecipherable=2 * MAX_SSRCS)
    assert len(one.heard) == 1


def test_of_a_flood_a_seconds_worth_is_heard_each_second():
    one = Path()
    for n in range(3 * MEDIA_A_SECOND):
        one.now = n / (3 * MEDIA_A_SECOND)
        one.path.take(one.far.protect(rtp(n, 1, b"body")))
    heard = len(one.heard)

    assert MEDIA_A_SECOND < heard <= 2 * MEDIA_A_SECOND
    assert one.wire.excess == 3 * MEDIA_A_SECOND - heard


def test_a_flood_of_pictures_keeps_no_report_away_and_the_other_way_round():
    one = Path()
    for n in range(2 * MEDIA_A_SECOND):
        one.path.take(one.far.protect(rtp(n, 1, b"body")))
    one.heard.clear()
    for _ in range(2 * TALK_A_SECOND):
        one.path.take(one.far.protect_rtcp(REPORT))

    assert one.heard == [("rtcp", REPORT)] * TALK_A_SECOND
    one.now = 1.0
    one.path.take(one.far.protect(rtp(2 * MEDIA_A_SECOND, 1, b"body")))
    assert len(one.heard) == TALK_A_SECOND + 1


def test_who_has_no_keys_uses_up_nothing_of_what_a_browser_may_send():
    one = Path()
    for _ in range(2 * MEDIA_A_SECOND):
        one.path.take(rtp(1, 1, b"body" * 9))
        one.path.take(b"\x80\xc8" + bytes(40))
    for n in range(MEDIA_A_SECOND):
        one.path.take(one.far.protect(rtp(n, 1, b"body")))

    assert len(one.heard) == MEDIA_A_SECOND
    assert one.wire.excess == 0


def test_a_packet_that_breaks_a_rule_is_counted_and_told_once_a_minute():
    one = Path()

    def breaks(_data, _now):
        raise ZeroDivisionError("broken")

    good, one.path.on_rtp = one.path.on_rtp, breaks
    with capture_logs() as told:
        for n in range(100):
            one.now = n * LOG_EVERY / 50
            one.path.take(one.far.protect(rtp(n, 1, b"body")))
    one.path.on_rtp = good
    one.path.take(one.far.protect(rtp(100, 1, b"body")))

    assert one.wire == Wire(packets_in=101, broken=100)
    assert len(told) == 2
    assert len(one.heard) == 1
