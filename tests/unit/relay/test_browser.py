"""What flows between browsers, packet by packet, without a socket."""

from relay.forwarding import rtcp, rtp
from relay.forwarding.browser import ASKED_A_SECOND, Browser
from relay.forwarding.head import ExtensionIds
from relay.forwarding.key_frames import KeyFrameWatch
from relay.forwarding.line import Kind
from relay.forwarding.nack import MAX_TRIES
from tests.unit.relay.packets import (
    a_line,
    described,
    rtx,
    sequence_of,
    ssrc_of,
    timestamp_of,
    vp8,
)
from tests.unit.relay.packets import rtp as packet


class Wire:
    """A browser's end: keeps what it is sent."""

    def __init__(self, *, observes=False, **facts):
        self.rtp: list[bytes] = []
        self.rtcp: list[bytes] = []
        self.browser = Browser(self._take, self.rtcp.append, observes=observes)
        self.browser.agree([a_line(**facts)])

    def _take(self, head, payload):
        self.rtp.append(head + payload)

    @property
    def up(self):
        return self.browser.sources(Kind.VIDEO)[0]

    @property
    def down(self):
        return self.browser.outlets(Kind.VIDEO)[0]

    def shows(self, first, count, *, now=1.0, key=True, skip=(), timestamp=90_000):
        """Send one-packet frames, the first a key frame."""
        for n in range(count):
            if n in skip:
                continue
            payload = vp8(key=key and n == 0, picture=n, tl0=n)
            data = packet(first + n, timestamp + 3000 * n, payload)
            self.browser.hear_rtp(data, now + n / 30)

    def asked(self):
        """Everything that the relay asked this browser for, and forget it."""
        heard = [rtcp.parse(data) for data in self.rtcp]
        self.rtcp.clear()
        return heard


def a_pair(**facts):
    source, sink = Wire(), Wire(our_ssrc=3001, our_rtx_ssrc=3002, **facts)
    sink.down.attach(source.up)
    return source, sink


def test_nothing_flows_without_a_route():
    source, sink = Wire(), Wire()
    source.shows(1, 20)

    assert sink.rtp == []
    assert source.rtp == []


def test_packets_go_on_with_the_sinks_own_names_and_the_same_body():
    source, sink = a_pair()
    source.shows(100, 3)

    assert [sequence_of(p) for p in sink.rtp] == [100, 101, 102]
    assert {ssrc_of(p) for p in sink.rtp} == {3001}
    first = sink.rtp[0]
    assert first[rtp.payload_offset(first) :] == vp8(key=True, picture=0, tl0=0)
    assert dict(rtp.extensions(first))[4] == b"1"


def test_a_sink_begins_with_a_key_frame_which_is_asked_for_until_it_comes():
    source, sink = a_pair()
    source.shows(1, 30, key=False)
    for n in range(40):
        source.browser.tick(2 + n / 50)
    asked = [h.key_frames for h in source.asked() if h.key_frames]

    assert sink.rtp == []
    assert asked == [[1001]] * 4

    source.shows(31, 5, now=3.0)
    source.browser.tick(4.0)

    assert len(sink.rtp) == 5
    assert not any(h.key_frames for h in source.asked())


def latecomer(source):
    """One more m-line for a source, whose browser ticks once."""
    sink = Wire(our_ssrc=4001, our_rtx_ssrc=4002)
    sink.down.attach(source.up)
    return sink


def key_frames_asked(source, now):
    source.asked()
    source.browser.tick(now)
    return any(heard.key_frames for heard in source.asked())


def test_who_comes_just_after_a_key_frame_begins_with_it_and_all_since():
    source, sink = a_pair()
    source.shows(100, 6)
    late = latecomer(source)

    asked = key_frames_asked(source, 1.2)
    source.shows(106, 3, now=1.21, key=False, timestamp=90_000 + 6 * 3000)

    assert not asked
    assert [sequence_of(p) for p in late.rtp] == list(range(100, 109))
    assert [timestamp_of(p) for p in late.rtp] == [timestamp_of(p) for p in sink.rtp]


def test_who_comes_later_than_that_waits_for_a_key_frame_of_their_own():
    source, _sink = a_pair()
    source.shows(100, 20)
    late = latecomer(source)

    assert key_frames_asked(source, 1.7)
    assert late.rtp == []


def test_what_nobody_was_shown_is_shown_to_nobody_later():
    source = Wire()
    source.shows(100, 6)
    late = latecomer(source)

    assert key_frames_asked(source, 1.2)
    assert late.rtp == []


def test_a_key_frame_with_a_gap_behind_it_is_no_beginning():
    source, _sink = a_pair()
    source.shows(100, 6, skip={3})
    late = latecomer(source)

    assert key_frames_asked(source, 1.2)
    assert late.rtp == []


def test_a_broken_picture_is_not_healed_by_who_comes_later():
    source, sink = a_pair()
    source.shows(100, 6)
    latecomer(source)
    sink.browser.hear_rtcp(rtcp.picture_loss(1, 3001), 1.19)

    assert key_frames_asked(source, 1.2)


def test_what_overtook_the_key_frames_beginning_is_not_lost():
    source, sink = a_pair()
    source.browser.hear_rtp(packet(10, 1, vp8(), marker=True), 1.0)
    middle = packet(12, 2, vp8(start=False, body=b"middle"), marker=False)
    last = packet(13, 2, vp8(start=False, body=b"last"), marker=True)
    source.browser.hear_rtp(middle, 1.01)
    source.browser.hear_rtp(last, 1.02)
    assert sink.rtp == []

    source.browser.hear_rtp(rtx(1, 11, vp8(key=True), timestamp=2, marker=False), 1.1)

    assert [sequence_of(p) for p in sink.rtp] == [11, 12, 13]


def test_a_loss_is_asked_for_and_its_repair_reaches_the_sink_once():
    source, sink = a_pair()
    source.shows(100, 10, skip={4})
    [heard] = [h for h in source.asked() if h.nacks]
    assert heard.nacks == [(1001, [104])]

    again = rtx(1, 104, vp8(picture=4, tl0=4), timestamp=90_000 + 12_000)
    source.browser.hear_rtp(again, 1.5)
    source.browser.hear_rtp(again, 1.6)

    assert sorted(sequence_of(p) for p in sink.rtp) == list(range(100, 110))
    assert source.browser.tally.duplicates == 1


def test_a_packet_that_comes_twice_is_sent_once():
    source, sink = a_pair()
    source.shows(100, 3)
    source.browser.hear_rtp(packet(101, 93_000, vp8(picture=1, tl0=1)), 2.0)

    assert len(sink.rtp) == 3


def test_a_sinks_nack_is_answered_as_a_retransmission():
    source, sink = a_pair()
    source.shows(100, 10)
    sent = list(sink.rtp)
    sink.rtp.clear()

    sink.browser.hear_rtcp(rtcp.nack(1, 3001, [103, 999]), 2.0)

    [again] = sink.rtp
    assert ssrc_of(again) == 3002
    assert again[1] & 0x7F == 97
    whole = rtp.unwrap_rtx(again, rtp.payload_offset(again), 3001, 96)
    offset = rtp.payload_offset(sent[3])
    assert whole is not None
    assert whole[rtp.payload_offset(whole) :] == sent[3][offset:]
    assert sequence_of(whole) == 103


def test_a_sink_without_retransmission_format_gets_the_packet_itself():
    source, sink = a_pair(rtx_payload_type=0)
    source.shows(100, 10)
    sent = sink.rtp[3]
    sink.rtp.clear()

    sink.browser.hear_rtcp(rtcp.nack(1, 3001, [103]), 2.0)

    assert [ssrc_of(p) for p in sink.rtp] == [3001]
    assert sink.rtp[0][-8:] == sent[-8:]


def test_a_flood_of_nacks_is_answered_with_measure():
    source, sink = a_pair()
    source.shows(0, 1000)
    sink.rtp.clear()

    for _ in range(50):
        sink.browser.hear_rtcp(rtcp.nack(1, 3001, range(999)), 2.0)

    assert len(sink.rtp) <= 1500


def test_asking_for_what_was_never_sent_uses_the_measure_up():
    source, sink = a_pair()
    source.shows(0, 10)
    sink.browser.tick(1.0)
    for _ in range(4):
        sink.browser.hear_rtcp(rtcp.nack(1, 3001, range(9_000, 9_500)), 2.0)
    sink.rtp.clear()

    sink.browser.hear_rtcp(rtcp.nack(1, 3001, [3]), 2.0)
    assert sink.rtp == []
    sink.browser.tick(4.0)
    sink.browser.hear_rtcp(rtcp.nack(1, 3001, [3]), 4.0)
    assert len(sink.rtp) == 1


def test_a_switch_of_source_continues_the_numbers_and_repairs_both():
    red, blue = Wire(), Wire()
    sink = Wire(our_ssrc=3001, our_rtx_ssrc=3002)
    sink.down.attach(red.up)
    red.shows(65_530, 10, now=1.0)
    sink.down.attach(blue.up)
    red.shows(65_540, 3, now=2.0)
    blue.shows(7, 5, now=2.1, timestamp=5)

    begun = 65_530 & 0x7FFF
    assert [sequence_of(p) for p in sink.rtp] == [begun + n for n in range(15)]
    pictures = [described(p[rtp.payload_offset(p) :]).picture_id for p in sink.rtp]
    assert pictures == list(range(15))
    stamps = [timestamp_of(p) for p in sink.rtp]
    assert stamps == sorted(stamps)

    old, new = sink.rtp[5], sink.rtp[12]
    sink.rtp.clear()
    sink.browser.hear_rtcp(
        rtcp.nack(1, 3001, [sequence_of(old), sequence_of(new)]), 3.0
    )
    bodies = {p[rtp.payload_offset(p) + 2 :] for p in sink.rtp}
    assert bodies == {p[rtp.payload_offset(p) :] for p in (old, new)}


class UpTo:
    """The layers that a sink gets, as a constant."""

    def __init__(self, highest):
        self.highest = highest

    def passes(self, temporal_id, *, layer_sync):
        del layer_sync
        return temporal_id <= self.highest


def shows_layers(source, first, pictures, *, now=1.0, lost=()):
    """Send pictures of two packets in three layers; gives their (number, timestamp)."""
    sent = []
    for n in range(pictures):
        layer, tl0 = (0, 2, 1, 2)[n % 4], n // 4
        for part in range(2):
            payload = vp8(
                key=n == 0, start=part == 0, picture=n, tl0=tl0, temporal_id=layer
            )
            data = packet(first + 2 * n + part, 3000 * n, payload, marker=part == 1)
            sent.append(data)
            if (n, part) not in lost:
                source.browser.hear_rtp(data, now + n / 30)
    return sent


def test_layers_left_out_leave_no_hole_in_numbers_and_picture_ids():
    source, sink = a_pair()
    sink.down.layers = UpTo(1)
    shows_layers(source, 65_530, 40)

    first = 65_530 & 0x7FFF
    assert [sequence_of(p) for p in sink.rtp] == [first + n for n in range(40)]
    found = [described(p[rtp.payload_offset(p) :]) for p in sink.rtp]
    assert [d.picture_id for d in found] == [n // 2 for n in range(40)]
    assert [d.tl0 for d in found] == [n // 4 for n in range(40)]
    assert {d.temporal_id for d in found} == {0, 1}

    sink.down.layers = UpTo(2)
    sink.rtp.clear()
    shows_layers(source, 65_530 + 80, 4, now=3.0)
    assert [sequence_of(p) for p in sink.rtp] == [first + 40 + n for n in range(8)]


def test_a_nack_finds_its_packet_through_what_was_left_out():
    source, sink = a_pair()
    sink.down.layers = UpTo(0)
    sent = shows_layers(source, 100, 40)
    wanted = sink.rtp[12]
    assert timestamp_of(wanted) == timestamp_of(sent[12 * 4])
    sink.rtp.clear()

    sink.browser.hear_rtcp(rtcp.nack(1, 3001, [sequence_of(wanted)]), 3.0)

    [again] = sink.rtp
    whole = rtp.unwrap_rtx(again, rtp.payload_offset(again), 3001, 96)
    assert whole is not None
    assert sequence_of(whole) == sequence_of(wanted)
    bodies = [p[rtp.payload_offset(p) :] for p in (whole, wanted)]
    assert bodies[0] == bodies[1]


def test_a_packet_that_was_lost_among_layers_left_out_fills_its_own_gap():
    source, sink = a_pair()
    sink.down.layers = UpTo(1)
    sent = shows_layers(source, 100, 8, lost={(2, 0), (3, 1)})
    numbers = [sequence_of(p) for p in sink.rtp]
    assert numbers == [100, 101, 103, 105, 106, 107, 108]
    sink.rtp.clear()

    for n in (4, 7):
        original = sent[n]
        source.browser.hear_rtp(
            rtx(n, sequence_of(original), original[12:], timestamp=1), 2.0
        )

    assert [sequence_of(p) for p in sink.rtp] == [102, 104]


def test_a_switch_after_layers_were_left_out_continues_every_number():
    red, blue = Wire(), Wire()
    sink = Wire(our_ssrc=3001, our_rtx_ssrc=3002)
    sink.down.layers = UpTo(1)
    sink.down.attach(red.up)
    shows_layers(red, 100, 8)
    sink.down.attach(blue.up)
    blue.shows(7, 3, now=2.0)

    assert [sequence_of(p) for p in sink.rtp] == list(range(100, 111))
    pictures = [described(p[rtp.payload_offset(p) :]).picture_id for p in sink.rtp]
    assert pictures == [0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6]


def test_a_sinks_picture_loss_reaches_the_source_with_measure():
    source, sink = a_pair()
    source.shows(100, 3)
    source.browser.tick(1.0)
    source.asked()
    for n in range(100):
        sink.browser.hear_rtcp(rtcp.picture_loss(1, 3001), 2 + n / 50)
        source.browser.tick(2 + n / 50)

    asked = [h for h in source.asked() if h.key_frames]
    assert 3 <= len(asked) <= 5


def test_evidence_is_told_after_the_whole_frame_and_its_report():
    source, sink = a_pair()
    told = []
    sink.down.watch = KeyFrameWatch()
    sink.down.on_forwarded = lambda: told.append("forwarded")
    sink.down.on_delivered = lambda: told.append("delivered")

    source.browser.hear_rtp(packet(1, 9, vp8(key=True), marker=False), 1.0)
    assert told == []
    source.browser.hear_rtp(packet(2, 9, vp8(start=False), marker=True), 1.0)
    assert told == ["forwarded"]
    for highest in (1, 2, 3):
        report = rtcp.Report(3001, 0, 0, highest, 0, 0, 0)
        sink.browser.hear_rtcp(rtcp.receiver_report(1, [report]), 1.1)

    assert told == ["forwarded", "delivered"]


def test_a_sender_report_keeps_the_sources_clock():
    source, sink = a_pair()
    source.shows(100, 3)
    ntp = 0x1000_0000_0000
    source.browser.hear_rtcp(rtcp.sender_report(1001, ntp, 90_000, 1, 1), 10.0)
    sink.browser.tick(9.0)
    sink.browser.tick(10.5)

    [report] = [h.senders[0] for h in sink.asked() if h.senders]
    assert report.ssrc == 3001
    assert report.ntp == ntp + (1 << 31)
    assert report.timestamp == 90_000 + 45_000


def test_the_round_trip_is_measured_from_reports():
    source, sink = a_pair()
    source.shows(100, 3)
    source.browser.hear_rtcp(rtcp.sender_report(1001, 5 << 32, 90_000, 1, 1), 10.0)
    sink.browser.tick(9.0)
    sink.browser.tick(10.0)
    [sent] = [h.senders[0] for h in sink.asked() if h.senders]
    for _ in range(40):
        report = rtcp.Report(3001, 0, 0, 102, 0, sent.ntp >> 16 & 0xFFFFFFFF, 6554)
        sink.browser.hear_rtcp(rtcp.receiver_report(1, [report]), 10.4)

    assert abs(sink.browser.reporting.rtt - 0.3) < 0.01


def test_the_first_round_trip_measured_counts_whole_and_later_ones_by_and_by():
    reporting = Wire().browser.reporting
    reporting.hear_rtt(0.5)
    assert reporting.rtt == 0.5

    reporting.hear_rtt(0.1)
    assert reporting.rtt == 0.4


def test_a_loss_that_is_never_repaired_costs_a_key_frame_in_the_end():
    source, _ = a_pair()
    source.shows(100, 10, skip={4})
    source.asked()
    for n in range(200):
        source.browser.tick(1.4 + n / 50)
    heard = source.asked()

    assert sum(len(h.nacks) for h in heard) == MAX_TRIES - 1
    assert any(h.key_frames == [1001] for h in heard)


def test_a_key_frame_ends_the_asking_for_what_came_before_it():
    source, _ = a_pair()
    source.shows(100, 10, skip={4})
    source.shows(110, 5, now=1.4, timestamp=200_000)
    source.asked()
    for n in range(200):
        source.browser.tick(1.6 + n / 50)

    heard = source.asked()
    assert not any(h.nacks or h.key_frames for h in heard)


class Watching:
    """An m-line that counts how often it has to wait for a key frame."""

    waiting = False
    behind = 0.0
    waits = 0

    def wait(self):
        self.waits += 1

    def attach(self, source):
        """Nothing comes of it."""

    def forward(self, *_):
        """Nothing comes of it."""

    def share(self, _now):
        """Limit nobody."""


def test_who_says_goodbye_a_hundred_times_at_once_ends_once():
    source, sink = Wire(), Watching()
    source.up.add(sink)
    source.browser.hear_rtcp(rtcp.bye([1001] * 31) * 10, 1.0)

    assert sink.waits == 1


def test_who_asks_for_more_than_any_line_carries_is_not_listened_to():
    source, sink = a_pair()
    source.shows(0, 600)
    asks = rtcp.nack(1, 3001, range(512))
    for _ in range(100):
        sink.browser.hear_rtcp(asks, 30.0)

    assert sink.browser.tally.excess == 100 - ASKED_A_SECOND // 512
    sink.browser.hear_rtcp(asks, 31.0)
    assert sink.browser.tally.excess == 100 - ASKED_A_SECOND // 512


def test_a_source_that_says_goodbye_and_comes_again_goes_on_with_a_key_frame():
    source, sink = a_pair()
    source.shows(100, 3)
    source.browser.hear_rtcp(rtcp.receiver_report(1, []) + rtcp.bye([1001]), 2.0)
    source.asked()
    source.browser.tick(2.5)
    assert not any(h.key_frames for h in source.asked())

    source.shows(103, 3, now=3.0, key=False)
    source.browser.tick(3.5)
    assert [h.key_frames for h in source.asked() if h.key_frames] == [[1001]]
    assert len(sink.rtp) == 3
    source.shows(106, 3, now=4.0)

    assert [sequence_of(p) for p in sink.rtp] == list(range(100, 106))


def rates(wire):
    return [h.remb for h in wire.asked() if h.remb is not None]


def test_a_sender_is_told_the_weakest_participants_rate_and_never_an_observers():
    source, sink = a_pair()
    observer = Wire(observes=True, our_ssrc=4001, our_rtx_ssrc=4002)
    observer.down.attach(source.up)
    source.shows(100, 3)
    observer.browser.hear_rtcp(rtcp.remb(1, 100_000, [4001]), 1.0)
    sink.browser.hear_rtcp(rtcp.remb(1, 800_000, [3001]), 1.0)

    source.browser.tick(1.1)

    assert 790_000 < rates(source)[-1] <= 800_000


def test_an_observers_broken_picture_seldom_costs_the_sender_a_key_frame():
    source, sink = a_pair()
    observer = Wire(observes=True, our_ssrc=4001, our_rtx_ssrc=4002)
    observer.down.attach(source.up)
    source.shows(100, 3)

    def key_frames_asked(wire, ssrc, began):
        source.asked()
        for n in range(300):
            wire.browser.hear_rtcp(rtcp.picture_loss(1, ssrc), began + n / 50)
            source.browser.tick(began + n / 50)
            source.up.requests.came()
        return sum(len(heard.key_frames) for heard in source.asked())

    assert key_frames_asked(observer, 4001, began=10) == 2
    assert key_frames_asked(sink, 3001, began=20) >= 10


def numbered(data, number):
    """Give a packet a transport-wide number."""
    block = bytes([0xBE, 0xDE, 0, 1, 3 << 4 | 1]) + number.to_bytes(2) + b"\0"
    return bytes([data[0] | 0x10]) + data[1:12] + block + data[12:]


def arrived(wire):
    """The last transport feedback to a browser: its base, and how many it covers."""
    told = [text for text in wire.rtcp if text[:2] == bytes([0x8F, 205])]
    return told and (int.from_bytes(told[-1][12:14]), int.from_bytes(told[-1][14:16]))


def test_every_packet_that_came_is_told_whatever_became_of_it():
    wire = Wire(extensions=ExtensionIds(mid=4, abs_send_time=2, transport_wide=3))
    picture = packet(100, 90_000, vp8(key=True))
    padding = rtx(7, 0, b"")[:12]
    for number, data in enumerate(
        (
            picture,
            picture,  # a duplicate
            bytes([padding[0] | 0x20]) + padding[1:] + b"\0\0\0\4",  # a probe
            packet(101, 90_000, b"?", kind=44),
            packet(102, 90_000, b"?", ssrc=9_999, kind=44),
        )
    ):
        wire.browser.hear_rtp(
            numbered(data, 65_534 + number & 0xFFFF), 1 + number / 100
        )
    wire.browser.tick(1.1)

    assert arrived(wire) == (65_534, 5)


def test_a_browser_without_the_number_is_told_nothing_of_it():
    source, _ = a_pair()
    source.shows(100, 3)
    source.browser.tick(1.1)

    assert not arrived(source)


def test_a_browser_that_floods_with_nacks_gets_no_more_than_its_line_carries():
    source, sink = a_pair()
    source.shows(100, 900)
    sink.browser.hear_rtcp(rtcp.remb(1, 300_000, [3001]), 1.0)
    sink.browser.hear_rtcp(rtcp.remb(1, 100_000, [3001]), 40.0)
    sink.rtp.clear()

    for n in range(500):
        sink.browser.hear_rtcp(rtcp.nack(1, 3001, range(100, 1_000)), 40 + n / 100)

    assert 0 < len(sink.rtp) < 5 * 300_000 / 8_000


def far_away(wire, ssrc, *, now=1.0, rtt=0.2, remb=1_000_000):
    """Let a browser report a round trip, and an estimate of its line."""
    wire.browser.tick(now)
    wire.browser.tick(now + 1)
    [sent] = [
        parsed.senders[0]
        for text in wire.rtcp
        if (parsed := rtcp.parse(text)).senders and parsed.senders[0].ssrc == ssrc
    ][-1:]
    middle = sent.ntp >> 16 & 0xFFFFFFFF
    for n in range(20):
        report = rtcp.Report(ssrc, 0, 0, 0, 0, middle, 0)
        heard = rtcp.receiver_report(1, [report]) + rtcp.remb(1, remb, [ssrc])
        wire.browser.hear_rtcp(heard, now + 1 + rtt + n / 1000)


def clocked(source, now=1.0):
    info = rtcp.sender_report(1001, int(now * (1 << 32)), 90_000, 1, 1)
    source.browser.hear_rtcp(info, now)


def test_who_is_far_away_is_answered_twice_and_asked_twice():
    source, sink = a_pair()
    source.shows(100, 10)
    clocked(source)
    far_away(sink, 3001)
    sink.rtp.clear()

    sink.browser.hear_rtcp(rtcp.nack(1, 3001, [103]), 2.3)

    assert len(sink.rtp) == 2
    sink.shows(500, 3, now=2.3, skip={1})
    sink.browser.tick(2.32)
    asked = [heard.nacks for heard in sink.asked() if heard.nacks]
    assert asked == [[(1001, [501])]] * 2


def test_a_narrow_line_is_answered_once():
    source, sink = a_pair()
    source.shows(100, 10)
    clocked(source)
    far_away(sink, 3001, remb=200_000)
    sink.browser.hear_rtcp(rtcp.remb(1, 190_000, [3001]), 12.0)
    sink.browser.hear_rtcp(rtcp.remb(1, 190_000, [3001]), 12.0)
    sink.rtp.clear()

    sink.browser.hear_rtcp(rtcp.nack(1, 3001, [103]), 12.0)

    assert len(sink.rtp) == 1


def films(source, *sinks, seconds, now, remb):
    """Let a source show three layers for a time in which sinks say what they take."""
    first = int(now * 60) & 0xFFFF
    sent = shows_layers(source, first, round(seconds * 30), now=now)
    for n in range(round(seconds * 10)):
        for sink in sinks:
            sink.browser.hear_rtcp(rtcp.remb(1, remb, [3001]), now + n / 10)
            sink.browser.tick(now + n / 10)
    return sent


def layers_of(packets):
    return {described(p[rtp.payload_offset(p) :]).temporal_id for p in packets}


def test_an_observer_on_a_narrow_line_gets_fewer_pictures_and_the_sender_sends_on():
    source = Wire()
    observer = Wire(observes=True, our_ssrc=3001, our_rtx_ssrc=3002)
    observer.down.attach(source.up)
    for second in range(1, 30):
        films(source, observer, seconds=1, now=float(second), remb=2_000)
    observer.rtp.clear()

    films(source, observer, seconds=1, now=30.0, remb=2_000)
    source.browser.tick(31.0)

    assert layers_of(observer.rtp) == {0}
    assert rates(source)[-1] == 2_500_000


def test_a_participant_on_a_calm_line_gets_every_picture():
    source, sink = a_pair()
    for second in range(1, 30):
        films(source, sink, seconds=1, now=float(second), remb=2_000)
    sink.rtp.clear()

    films(source, sink, seconds=1, now=30.0, remb=2_000)

    assert layers_of(sink.rtp) == {0, 1, 2}


def test_a_change_of_rate_is_told_at_once_and_the_same_each_second():
    source, _ = a_pair()
    source.shows(100, 3)
    source.browser.tick(1.0)
    rates(source)
    source.browser.steering.pace(150_000)
    source.browser.tick(1.02)
    assert rates(source) == [150_000 & ~1]

    for n in range(151):
        source.browser.tick(1.04 + n / 50)

    assert 2 <= len(rates(source)) <= 3


def test_a_loss_among_the_first_packets_starves_nobody():
    source, _ = a_pair()
    for n in range(100):
        source.shows(100 + 6 * n, 6, now=1 + n / 5, skip={2}, timestamp=n * 18_000)
        source.browser.tick(1 + n / 5)
        if n < 10:
            assert rates(source)[-1:] in ([], [2_500_000])


def test_a_rate_is_shared_by_the_pictures_of_one_sink():
    red, blue = Wire(), Wire()
    sink = Wire()
    sink.browser.agree(
        [a_line(mid=str(n), our_ssrc=n, our_rtx_ssrc=n + 10) for n in (1, 2)]
    )
    for outlet, source in zip(
        sink.browser.outlets(Kind.VIDEO), (red, blue), strict=True
    ):
        outlet.attach(source.up)
    red.shows(100, 3)
    sink.browser.hear_rtcp(rtcp.remb(1, 800_000, [1, 2]), 1.0)
    red.browser.tick(1.1)

    assert 390_000 < rates(red)[-1] <= 400_000


def test_the_relay_reports_what_it_receives():
    source, _ = a_pair()
    source.shows(100, 10, skip={5, 6})
    source.browser.tick(1.0)
    source.browser.tick(2.0)

    [report] = [r for h in source.asked() for r in h.reports]
    assert (report.ssrc, report.lost, report.highest) == (1001, 2, 109)


def test_a_stream_that_the_offer_did_not_name_is_learned_by_its_mid():
    source = Wire(their_ssrc=0, their_rtx_ssrc=0)
    sink = Wire(our_ssrc=3001)
    sink.down.attach(source.up)
    named = b"\xbe\xde\x00\x01\x401\x00\x00"
    body = vp8(key=True)
    data = packet(1, 1, b"", ssrc=555) + named + body
    data = bytes([data[0] | 0x10]) + data[1:]

    source.browser.hear_rtp(data, 1.0)

    assert len(sink.rtp) == 1
    assert source.up.ssrc == 555


def test_a_line_comes_back_after_it_was_inactive():
    source, sink = a_pair()
    source.shows(100, 3)
    inactive = a_line(our_ssrc=3001, our_rtx_ssrc=3002, sends=False, receives=False)
    sink.browser.agree([inactive])
    source.shows(103, 3)
    assert len(sink.rtp) == 3

    sink.browser.agree([a_line(our_ssrc=3001, our_rtx_ssrc=3002)])
    sink.down.attach(source.up)
    source.shows(106, 3, now=2.0)

    assert len(sink.rtp) == 6


def test_a_browser_that_ends_says_goodbye_and_frees_its_sinks():
    source, sink = a_pair()
    source.browser.close()

    assert sink.down.source is None
    assert [h.byes for h in source.asked() if h.byes] == [[2001]]


def test_the_eye_gets_whole_frames_of_who_said_yes_and_no_others():
    source, _ = a_pair()
    frames = []
    source.shows(1, 3)
    source.up.show(lambda frame, now: frames.append(frame))
    source.shows(4, 3, timestamp=900_000)
    source.up.show(None)
    source.shows(7, 3, timestamp=9_000_000)

    assert [frame.key for frame in frames] == [True, False, False]
    assert frames[0].data == b"\x00body"
