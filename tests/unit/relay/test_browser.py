"""What flows between browsers, packet by packet, without a socket."""

from relay.forwarding import rtcp, rtp
from relay.forwarding.browser import ASKED_A_SECOND
from relay.forwarding.key_frames import KeyFrameWatch
from tests.unit.relay.packets import (
    a_line,
    described,
    sequence_of,
    ssrc_of,
    timestamp_of,
    vp8,
)
from tests.unit.relay.packets import rtp as packet
from tests.unit.relay.wire import (
    Wire,
    a_pair,
)


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
