"""A hold picture stands for somebody who pauses, as a stream like any other."""

import av
import pytest
from av.video.codeccontext import VideoCodecContext

from relay.exchange import HOLD_PICTURE
from relay.forwarding import rtcp, rtp
from relay.forwarding.hold import HoldPicture, HoldPictures, read_still
from tests.unit.relay.packets import described, sequence_of, timestamp_of
from tests.unit.relay.wire import Wire

STILL = read_still(HOLD_PICTURE.read_bytes())


@pytest.fixture
def hold():
    return HoldPicture(STILL)


def ticks(hold, began, seconds):
    for n in range(round(seconds * 50)):
        hold.tick(began + n / 50)


def frames_of(packets):
    """The bytes of each frame, of all layers; in order and without a hole."""
    frames: dict[int, bytes] = {}
    for packet in packets:
        payload = packet[rtp.payload_offset(packet) :]
        body = payload[described(payload).length :]
        at = timestamp_of(packet)
        frames[at] = frames.get(at, b"") + body
    return list(frames.values())


def is_key(frame):
    return not frame[0] & 0x01


def pictures(frames):
    decoder = VideoCodecContext.create("vp8", "r")
    return [
        picture.to_ndarray(format="rgb24")
        for frame in frames
        for picture in decoder.decode(av.Packet(frame))
    ]


def test_it_begins_with_a_key_frame_and_goes_on_ten_times_a_second(hold):
    sink = Wire()
    sink.down.attach(hold)

    ticks(hold, 10, 3)
    frames = frames_of(sink.rtp)

    assert [is_key(frame) for frame in frames] == [True] + [False] * (len(frames) - 1)
    assert 28 <= len(frames) <= 31
    assert sum(map(len, sink.rtp)) * 8 / 3 < 40_000


def test_it_is_the_same_picture_for_ever_whichever_frames_are_lost(hold):
    sink = Wire()
    sink.down.attach(hold)
    ticks(hold, 10, 20)
    frames = frames_of(sink.rtp)

    whole, with_losses = pictures(frames), pictures([frames[0], *frames[7::5]])

    assert (whole[0] == whole[-1]).all()
    assert (with_losses[-1] == whole[-1]).all()
    assert whole[0].shape == (240, 320, 3)


def test_numbers_run_on_to_the_hold_picture_and_back(hold):
    source, sink = Wire(), Wire(our_ssrc=3001, our_rtx_ssrc=3002)
    sink.down.attach(source.up)
    source.shows(65_530, 10, now=1.0)
    sink.down.attach(hold)
    ticks(hold, 2.0, 1)
    sink.down.attach(source.up)
    source.shows(5_000, 10, now=3.0, timestamp=7_000)

    sequences = [sequence_of(p) for p in sink.rtp]
    assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))
    stamps = [timestamp_of(p) for p in sink.rtp]
    assert stamps == sorted(stamps)
    told = [described(p[rtp.payload_offset(p) :]) for p in sink.rtp]
    ids = [d.picture_id for d in told if d.starts_frame]
    assert ids == list(range(ids[0], ids[0] + len(ids)))
    keys = [d.tl0 for d in told if d.key]
    assert len(keys) == 3
    assert keys == sorted(set(keys))


def test_whoever_comes_later_or_has_lost_it_gets_a_key_frame(hold):
    first, later = Wire(), Wire(our_ssrc=3001, our_rtx_ssrc=3002)
    first.down.attach(hold)
    ticks(hold, 10, 1)
    later.down.attach(hold)
    ticks(hold, 11, 1)
    assert is_key(frames_of(later.rtp)[0])

    first.rtp.clear()
    first.browser.hear_rtcp(rtcp.picture_loss(1, 2001), 12.0)
    ticks(hold, 12, 1)
    assert sum(map(is_key, frames_of(first.rtp))) == 1


def test_what_is_lost_of_it_is_sent_again(hold):
    sink = Wire()
    sink.down.attach(hold)
    ticks(hold, 10, 1)
    lost = sequence_of(sink.rtp[2])
    before = len(sink.rtp)

    sink.browser.hear_rtcp(rtcp.nack(1, 2001, [lost]), 11.0)

    [again] = sink.rtp[before:]
    assert again[rtp.payload_offset(again) :][:2] == lost.to_bytes(2)


def test_a_picture_that_nobody_watches_is_forgotten():
    holds = HoldPictures(STILL)
    sink = Wire()
    picture = holds.of("caller")
    sink.down.attach(picture)
    holds.tick(1.0)
    assert holds.of("caller") is picture

    sink.down.attach(None)
    holds.tick(1.1)

    assert len(holds) == 0
