"""What is lost is asked for, and who asks is answered."""

from relay.forwarding import rtcp, rtp
from relay.forwarding.nack import MAX_TRIES
from tests.unit.relay.packets import rtp as packet
from tests.unit.relay.packets import (
    rtx,
    sequence_of,
    ssrc_of,
    vp8,
)
from tests.unit.relay.wire import (
    a_pair,
)


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
