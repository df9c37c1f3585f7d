"""Layers that a sink is not sent leave no hole in what it is sent."""

from relay.forwarding import rtcp, rtp
from tests.unit.relay.packets import (
    described,
    rtx,
    sequence_of,
    timestamp_of,
)
from tests.unit.relay.wire import (
    UpTo,
    Wire,
    a_pair,
    films,
    layers_of,
    rates,
    shows_layers,
)


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
