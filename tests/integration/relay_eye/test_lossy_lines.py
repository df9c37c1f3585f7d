"""What the eye decodes is what was sent, however bad the line is."""

import random
from dataclasses import replace

import numpy as np
import pytest

from relay.eye.decoding import Decoder, luma_of
from relay.forwarding.frames import FrameAssembler
from tests.unit.relay.packets import vp8

MTU = 1100
BACK_S = 0.08
"""Seconds until a retransmission has brought back what was lost."""


def packets_of(frames):
    """(sent at, sequence, timestamp, payload, marker), a packet each millisecond."""
    sequence, packets = 65_000, []
    for picture, frame in enumerate(frames):
        parts = [
            frame.data[at : at + MTU] for at in range(0, max(len(frame.data), 1), MTU)
        ]
        for n, part in enumerate(parts):
            # the helper's own first byte of a body stands for the frame's
            head = vp8(key=frame.key, start=n == 0, picture=picture, body=b"")[:-1]
            packets.append(
                (
                    frame.timestamp / 90_000 + n / 1000,
                    sequence & 0xFFFF,
                    frame.timestamp,
                    head + part,
                    n == len(parts) - 1,
                )
            )
            sequence += 1
    return packets


def luma(decoder, data):
    decoded = decoder.decode(data)
    return None if decoded is None else luma_of(decoded.frame).copy()


def assembled(packets):
    assembler = FrameAssembler()
    return [
        frame
        for at, sequence, timestamp, payload, marker in packets
        for frame in assembler.add(sequence, timestamp, payload, at, marker=marker)
    ]


@pytest.mark.parametrize("loss", [0.01, 0.05, 0.15])
def test_a_lossy_line_changes_no_picture(film, loss):
    frames = film(6.0)
    random_ = random.Random(1)
    arriving = sorted(
        (at + (BACK_S if n and random_.random() < loss else 0), *rest)
        for n, (at, *rest) in enumerate(packets_of(frames))
    )

    made = assembled(arriving)

    sender, eye = Decoder(), Decoder()
    assert [frame.timestamp for frame in made] == [frame.timestamp for frame in frames]
    for sent, seen in zip(frames, made, strict=True):
        assert np.array_equal(luma(sender, sent.data), luma(eye, seen.data))


async def test_after_a_missing_frame_nothing_is_looked_at_before_a_key_frame(
    eye, film, until
):
    frames = film(6.0)
    await eye.play(frames[:60])
    eye.asked.clear()
    [seat] = eye.pool._seats.values()
    seat.stream.begin_anew()
    dropped = eye.pool.load.dropped

    hole = replace(eye.a_frame(frames[61]), follows=False)
    eye.pool.submit(hole)
    await until(lambda: eye.asked)
    for frame in frames[62:80]:
        eye.pool.submit(eye.a_frame(frame))
    assert eye.pool.load.dropped == dropped + 19

    await eye.play(frames, starts_s=80 / 30)
    assert eye.pool.load.dropped == dropped + 19


async def test_a_frame_that_never_came_whole_counts_for_the_frame_rate(eye, film):
    frames = film(6.0)

    for n, frame in enumerate(frames):
        shown = eye.a_frame(frame)
        if n > 30:
            shown = replace(shown, data=b"", key=False, follows=False)
        eye.pool.submit(shown)
        if n % 30 == 0:
            await eye.rest()
    await eye.rest()

    assert "low_frame_rate" not in eye.reasons()
