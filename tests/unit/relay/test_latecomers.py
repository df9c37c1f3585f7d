"""Who comes while somebody already shows pictures."""

from relay.forwarding import rtcp
from tests.unit.relay.packets import rtp as packet
from tests.unit.relay.packets import (
    rtx,
    sequence_of,
    timestamp_of,
    vp8,
)
from tests.unit.relay.wire import Wire, a_pair, key_frames_asked


def latecomer(source):
    """One more m-line for a source, whose browser ticks once."""
    sink = Wire(our_ssrc=4001, our_rtx_ssrc=4002)
    sink.down.attach(source.up)
    return sink


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
