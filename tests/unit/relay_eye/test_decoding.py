"""VP8 frames become pictures; what is none blinds a stream until its next key frame."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from benchmarks.vp8 import encode
from relay.eye.decoding import Decoder, luma_of, rgb_of
from relay.eye.vp8 import NotVp8Error, read_head

SIZE = (176, 144)


def picture_of(decoded):
    assert decoded is not None
    return decoded.frame


def pictures(count=12):
    rng = np.random.default_rng(1)
    texture = rng.integers(0, 255, (SIZE[1], SIZE[0] + count, 3), np.uint8)
    return [
        Image.fromarray(np.ascontiguousarray(texture[:, step : step + SIZE[0]]))
        for step in range(count)
    ]


@pytest.fixture(scope="module")
def frames():
    return list(encode(pictures(), kbps=200, key_every=6))


def test_a_head_says_what_the_encoder_did(frames):
    heads = [read_head(frame.data) for frame in frames]

    assert [head.key for head in heads] == [frame.key for frame in frames]
    assert {head.size for head in heads if head.key} == {SIZE}


def test_fewer_bits_are_a_coarser_quantizer():
    coarse, fine = (
        [read_head(frame.data).quantizer for frame in encode(pictures(), kbps=kbps)][-1]
        for kbps in (60, 4000)
    )

    assert fine < coarse <= 127


@given(st.binary(max_size=200))
def test_any_bytes_are_a_head_or_no_vp8(data):
    try:
        head = read_head(data)
    except NotVp8Error:
        return
    assert 0 <= head.quantizer <= 127


def test_a_stream_becomes_pictures_of_its_size(frames):
    decoder = Decoder()

    decoded = [decoder.decode(frame.data) for frame in frames]

    assert all(one is not None for one in decoded)
    assert luma_of(picture_of(decoded[-1])).shape == (144, 176)
    assert rgb_of(picture_of(decoded[-1]), 88).shape == (72, 88, 3)


def test_a_stream_joined_late_is_seen_from_its_next_key_frame_on(frames):
    decoder = Decoder()

    seen = [decoder.decode(frame.data) is not None for frame in frames[2:]]

    first_key = next(index for index, one in enumerate(frames[2:]) if one.key)
    assert seen == [index >= first_key for index in range(len(seen))]


@pytest.mark.parametrize(
    "broken", [b"", b"\x00", b"\x10\x02\x00\x9d\x01\x2b" + b"\0" * 9]
)
def test_what_is_no_vp8_blinds_until_the_next_key_frame(frames, broken):
    decoder = Decoder()
    decoder.decode(frames[0].data)

    assert decoder.decode(broken) is None
    assert decoder.is_blind
    assert decoder.decode(frames[1].data) is None
    assert decoder.decode(frames[0].data) is not None


def test_a_key_frame_that_claims_a_giant_picture_is_refused_before_it_is_decoded(
    frames,
):
    giant = bytearray(frames[0].data)
    giant[6:10] = b"\xff\x3f\xff\x3f"
    decoder = Decoder()

    assert decoder.decode(bytes(giant)) is None
    assert decoder.is_blind


def test_a_new_size_at_a_key_frame_is_followed(frames):
    turned = [picture.transpose(Image.Transpose.ROTATE_90) for picture in pictures(3)]
    decoder = Decoder()
    decoder.decode(frames[0].data)

    decoded = [decoder.decode(frame.data) for frame in encode(turned, kbps=200)]

    assert luma_of(picture_of(decoded[-1])).shape == (176, 144)


@given(st.integers(0, 11), st.integers(0, 400), st.binary(min_size=1, max_size=30))
def test_flipped_bits_never_raise(index, place, noise):
    decoder = Decoder()
    for number, frame in enumerate(FRAMES):
        data = bytearray(frame.data)
        if number == index:
            place = min(place, len(data) - 1)
            data[place : place + len(noise)] = noise
        decoder.decode(bytes(data))


FRAMES = list(encode(pictures(), kbps=200, key_every=6))
