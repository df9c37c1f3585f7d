"""Encodes pictures as a browser would send them: VP8, live, 30 frames a second."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from PIL import Image

FRAMES_PER_SECOND = 30
TICKS = 90_000 // FRAMES_PER_SECOND

_LAYER_OF = (0, 2, 1, 2)
"""Temporal layers of L1T3, again and again: every fourth frame is of layer 0."""


@dataclass(frozen=True, slots=True)
class Vp8Frame:
    """`timestamp` is that of RTP, 90 kHz."""

    data: bytes = field(repr=False)
    key: bool
    temporal_id: int
    timestamp: int


def encode(
    pictures: Iterable[Image.Image | None],
    *,
    kbps: int = 600,
    layers: bool = False,
    key_every: int = 3000,
) -> Iterator[Vp8Frame]:
    """Encode pictures; one of another size begins anew with a key frame.

    Args:
        pictures: one each 1/30 second; None where the camera gave none.
        kbps: the bitrate that the encoder keeps to.
        layers: with three temporal layers, as Chromium does when asked to.
        key_every: frames; browsers send a key frame only when somebody asks.
    """
    codec: VideoCodecContext | None = None
    shown = 0
    for index, picture in enumerate(pictures):
        if picture is None:
            continue
        frame = av.VideoFrame.from_ndarray(np.asarray(picture.convert("RGB")), "rgb24")
        frame = frame.reformat(format="yuv420p")
        frame.pts, frame.time_base = index, Fraction(1, FRAMES_PER_SECOND)
        if codec is None or (codec.width, codec.height) != (frame.width, frame.height):
            codec = _open(frame, kbps, layers=layers, key_every=key_every)
            shown = 0
        for packet in codec.encode(frame):
            yield Vp8Frame(
                data=bytes(packet),
                key=packet.is_keyframe,
                temporal_id=_LAYER_OF[shown % len(_LAYER_OF)] if layers else 0,
                timestamp=index * TICKS,
            )
            shown += 1


def _open(
    frame: av.VideoFrame, kbps: int, *, layers: bool, key_every: int
) -> VideoCodecContext:
    codec = VideoCodecContext.create("libvpx", "w")
    codec.width, codec.height = frame.width, frame.height
    codec.pix_fmt = "yuv420p"
    codec.bit_rate = kbps * 1000
    codec.time_base = Fraction(1, FRAMES_PER_SECOND)
    codec.framerate = Fraction(FRAMES_PER_SECOND)
    codec.thread_count = 1
    codec.options = {
        "deadline": "realtime",
        "cpu-used": "-6",
        "lag-in-frames": "0",
        "error-resilient": "default",
        "static-thresh": "1",
        "g": str(key_every),
        "minrate": f"{kbps}k",
        "maxrate": f"{kbps}k",
    }
    if layers:
        shares = (kbps * 2 // 5, kbps * 3 // 5, kbps)
        codec.options |= {
            "ts-parameters": "ts_number_layers=3:ts_periodicity=4"
            f":ts_target_bitrate={','.join(map(str, shares))}"
            ":ts_rate_decimator=4,2,1:ts_layer_id=0,2,1,2:ts_layering_mode=3",
        }
    return codec
