"""A browser without a browser: its SDP, its checks, its handshake, its numbers."""

import itertools

import pytest
from aioice import stun

from benchmarks import peer_sdp
from benchmarks.peer_dtls import PROFILES, Handshake, Identity, datagrams
from benchmarks.peer_ice import Checks
from benchmarks.peer_sdp import (
    ABS_SEND_TIME,
    MID,
    TRANSPORT_WIDE,
    Section,
    Side,
    answered,
)
from benchmarks.peer_wishes import sections_of
from benchmarks.receiving import MAX_ASKS, Receiving
from benchmarks.sending import FIRST_NUMBER, Sending
from relay.forwarding import rtcp, rtp
from relay.transport.sdp import codec_of, extension_ids, read_offer, ssrcs_of

HERE = ("192.0.2.7", 4000)
THERE = ("192.0.2.8", 5000)


def a_side(sections):
    return Side(sections, "user", "p" * 24, "AB:CD", "actpass", (HERE,))


def a_line(*, video=True, ids=None, rtx=97):
    kind = "video" if video else "audio"
    own = Section(kind, mid="1", payload_type=96, ssrc=11, rtx_ssrc=12 if video else 0)
    ids = {MID: 4} if ids is None else ids
    theirs = Section(
        kind, mid="1", payload_type=96, rtx_payload_type=rtx, extensions=ids
    )
    return Sending(own, theirs, "me")


def written(line, payload=b"picture", **facts):
    wanted = {"timestamp": 90, "marker": False, "at": 1.0, "number": 5, **facts}
    return line.write(payload, **wanted)


# ------------------------------------------------------------------------ SDP


def test_an_offer_is_read_by_the_relay_as_a_browsers():
    sections = sections_of({"pictures": 2})

    offer = read_offer(peer_sdp.write(a_side(sections), "me", 1))

    kinds = [(m.kind, m.direction) for m in offer.media]
    assert kinds == [
        ("audio", "sendrecv"),
        ("video", "sendrecv"),
        ("video", "recvonly"),
    ]
    codec = codec_of(offer.media[1])
    assert codec is not None
    assert (codec.payload_type, codec.rtx_payload_type) == (96, 97)
    assert {"nack", "nack pli", "goog-remb", "transport-cc"} <= set(codec.feedback)
    assert extension_ids(offer.media[1])[ABS_SEND_TIME] == 2
    assert ssrcs_of(offer.media[1]) == (sections[1].ssrc, sections[1].rtx_ssrc)
    assert offer.bundle == ("0", "1", "2")


def test_an_sdp_is_read_as_it_was_written():
    side = a_side(sections_of({}))

    assert peer_sdp.read(peer_sdp.write(side, "me", 1)) == side


@pytest.mark.parametrize(
    ("wishes", "direction"),
    [
        ({}, "sendrecv"),
        ({"receives": False}, "sendonly"),
        ({"sends": False}, "recvonly"),
    ],
)
def test_the_directions_of_an_offer_are_the_wishes(wishes, direction):
    sections = sections_of(wishes)

    assert {s.direction for s in sections} == {direction}
    assert all(bool(s.ssrc) == (direction != "recvonly") for s in sections)


def test_what_a_peer_does_not_know_is_not_in_its_offer():
    left_out = (TRANSPORT_WIDE, "transport-cc")

    video = sections_of({"left_out": left_out})[1]

    assert TRANSPORT_WIDE not in video.extensions
    assert "transport-cc" not in video.feedback
    assert "nack" in video.feedback


def test_an_answer_keeps_the_numbers_of_the_offer():
    offer = Section(
        "video", "v", direction="sendonly", payload_type=120, rtx_payload_type=121
    )
    offer.extensions = {MID: 7, "urn:unknown": 8}
    offer.feedback = frozenset({"nack", "unheard of"})

    answer = answered(offer, frozenset())

    assert (answer.payload_type, answer.rtx_payload_type) == (120, 121)
    assert answer.extensions == {MID: 7}
    assert answer.feedback == {"nack"}
    assert answer.direction == "recvonly"


# ------------------------------------------------------------------------ ICE


class Wire:
    """Two sides of ICE, and what they have said and the other not heard."""

    def __init__(self):
        self.said = []
        self.controlling = Checks(self._from(HERE), controlling=True)
        self.controlled = Checks(self._from(THERE), controlling=False)
        for side, other, address in (
            (self.controlling, self.controlled, THERE),
            (self.controlled, self.controlling, HERE),
        ):
            side.meet(other.username, other.password, [address])

    def _from(self, source):
        return lambda data, target: self.said.append((data, source, target))

    def carry(self, now):
        for side in (self.controlling, self.controlled):
            side.tick(now)
        while self.said:
            data, source, target = self.said.pop(0)
            side = self.controlling if target == HERE else self.controlled
            side.take(data, source, now)


def test_two_sides_find_and_nominate_each_other():
    wire = Wire()

    for n in range(4):
        wire.carry(n / 10)

    assert wire.controlling.selected == THERE
    assert wire.controlled.selected == HERE


def test_consent_is_asked_for_again():
    wire = Wire()
    for n in range(4):
        wire.carry(n / 10)

    wire.carry(10.0)

    assert wire.controlling.confirmed_at == 10.0


def test_a_check_with_another_password_is_not_answered():
    said = []
    side = Checks(lambda *what: said.append(what), controlling=False)
    request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    request.add_message_integrity(b"guessed")

    side.take(bytes(request), THERE, 0.0)
    side.take(b"\0\1hostile", THERE, 0.0)

    assert not said
    assert side.selected is None


# ----------------------------------------------------------------------- DTLS


def shaken(profiles=tuple(PROFILES), *, right=True):
    """A client and a server after all that they had to say."""
    said: dict[str, list[bytes]] = {"client": [], "server": []}
    sides = {
        name: Handshake(
            Identity(),
            said[name].append,
            as_client=name == "client",
            profiles=profiles if name == "client" else tuple(PROFILES),
        )
        for name in said
    }
    client, server = sides["client"], sides["server"]
    client.fingerprint = server.own_fingerprint
    server.fingerprint = client.own_fingerprint if right else "AB:CD"
    server.begin()
    client.begin()
    for _ in range(10):
        for name, other in (("client", server), ("server", client)):
            while said[name]:
                other.take(said[name].pop(0))
    return client, server


@pytest.mark.parametrize("profile", PROFILES)
def test_both_sides_get_keys_that_fit(profile):
    client, server = shaken((profile,))
    packet = rtp.HEADER.pack(0x80, 96, 1000, 1, 7) + b"secret"

    for one, other in itertools.permutations((client.keys, server.keys)):
        assert one.profile == profile
        assert other.receive.unprotect(one.send.protect(packet)) == packet


def test_nobody_else_gets_keys():
    _, server = shaken(right=False)

    assert server.keys is None
    assert server.is_over


def test_a_goodbye_is_heard():
    client, server = shaken()
    said: list[bytes] = []
    client.on_send = said.append

    client.say_goodbye()

    for datagram in said:
        server.take(datagram)
    assert server.is_over


def test_records_are_never_torn_between_datagrams():
    records = [
        b"\x16\xfe\xfd" + bytes(8) + size.to_bytes(2) + bytes(size)
        for size in (700, 400, 200, 1100)
    ]

    assert datagrams(b"".join(records)) == [
        records[0] + records[1],
        records[2],
        records[3],
    ]


# ------------------------------------------------------------------------ RTP


def test_a_packet_says_its_line_its_time_and_its_number():
    line = a_line(ids={MID: 4, ABS_SEND_TIME: 2, TRANSPORT_WIDE: 3})

    packet = written(line, at=1.5, number=258, marker=True)

    first = rtp.HEADER.unpack_from(packet)
    assert first[1:] == (0x80 | 96, FIRST_NUMBER, 90, 11)
    assert dict(rtp.extensions(packet)) == {
        2: bytes([0x06, 0, 0]),
        3: b"\x01\x02",
        4: b"1",
    }
    assert packet[rtp.payload_offset(packet) :] == b"picture"


def test_the_lines_name_goes_once_it_is_known():
    line = a_line()

    line.is_known = True

    assert not dict(rtp.extensions(written(line)))


def test_a_retransmission_holds_the_packet_that_was_asked_for():
    line = a_line()
    packet = written(line)

    again = line.again(FIRST_NUMBER, 2.0)

    offset = rtp.payload_offset(again)
    original = rtp.unwrap_rtx(again, offset, 11, 96)
    assert original is not None
    assert original[12:] == packet[rtp.payload_offset(packet) :]
    assert int.from_bytes(original[2:4]) == FIRST_NUMBER
    assert line.again(FIRST_NUMBER + 1, 2.0) is None


def test_a_sender_report_goes_on_with_the_media_clock():
    line = a_line()
    written(line, timestamp=9000, at=1.0)

    said = rtcp.parse(line.report(3.0, wall=0.0))

    assert said.senders[0].timestamp == 9000 + 2 * 90_000
    assert said.senders[0].ntp >> 32 == 2_208_988_800


def a_stream(**options):
    return Receiving(Section("video", ssrc=11, payload_type=96), **options)


def test_a_gap_is_asked_for_until_it_is_filled():
    stream = a_stream()
    for number in (65_534, 65_535, 2):
        assert stream.hear(number)

    assert sorted(stream.due(1.0)) == [0, 1]
    assert stream.due(1.05) == []
    assert stream.recover(1)
    assert stream.due(1.2) == [0]
    assert stream.hear(0)
    assert stream.due(2.0) == []
    assert (stream.expected, stream.lost, stream.recovered) == (5, 0, 1)


def test_what_never_comes_is_given_up():
    stream = a_stream()
    stream.hear(1)
    stream.hear(3)

    asked = [stream.due(float(n)) for n in range(MAX_ASKS + 2)]

    assert [*itertools.chain(*asked)] == [2] * MAX_ASKS
    assert stream.given_up == stream.lost == 1


def test_a_packet_counts_once():
    stream = a_stream()

    assert stream.hear(7)
    assert not stream.hear(7)
    assert not stream.recover(7)
    assert (stream.received, stream.duplicates) == (1, 2)


def test_the_report_tells_the_loss_since_the_last():
    stream = a_stream()
    for number in (0, 1, 3):
        stream.hear(number)

    first, second = stream.report(1.0), stream.report(2.0)

    assert (first.fraction, first.lost, first.highest) == (64, 1, 3)
    assert (second.fraction, second.lost) == (0, 1)


def test_the_report_says_how_long_ago_the_sender_told_its_time():
    stream = a_stream()
    stream.hear(0)

    stream.hear_clock(0x0123_4567_89AB_CDEF, 1.0)

    report = stream.report(1.5)
    assert (report.lsr, report.dlsr) == (0x4567_89AB, 0x8000)


def test_a_stream_that_is_far_away_reports_so():
    stream = a_stream(far=0.25)
    stream.hear(0)
    stream.hear_clock(0x0123_4567_89AB_CDEF, 1.0)

    assert stream.report(1.5).dlsr == 0x4000


def test_each_nth_packet_is_thrown_away_and_asked_for():
    stream = a_stream(lose_every=10)

    heard = [number for number in range(35) if stream.hear(number)]

    assert [n for n in range(35) if n not in heard] == [4, 14, 24, 34]
    assert stream.due(1.0) == [4, 14, 24]
