"""Turns VP8 frames into pictures, and starts anew at a key frame after an error."""

from dataclasses import dataclass

import av
import numpy as np
from av.codec.context import ThreadType
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

from relay.eye.measures import Gray
from relay.eye.vp8 import Head, NotVp8Error, read_head

MOST_PIXELS = 1920 * 1920
"""A key frame may claim 16383 pixels on each side; nobody signs in such a picture."""

LEAST_PIXELS = 16
"""On each side."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """`quantizer` says how coarsely it was coded, 0 to 127."""

    frame: av.VideoFrame
    quantizer: int


class Decoder:
    """One stream. What cannot be decoded blinds it until the next key frame."""

    def __init__(self) -> None:
        self._codec: VideoCodecContext | None = None

    @property
    def is_blind(self) -> bool:
        return self._codec is None

    def decode(self, data: bytes) -> Decoded | None:
        """Decode one whole frame; None when there is no picture to look at."""
        try:
            head = read_head(data)
            if self._codec is None and not head.key:
                return None
            _refuse_size(head)
            self._codec = self._codec or _open()
            frames = self._codec.decode(av.Packet(data))
        except (av.FFmpegError, NotVp8Error):
            self._codec = None
            return None
        return Decoded(frames[-1], head.quantizer) if frames else None


def luma_of(frame: av.VideoFrame) -> Gray:
    """The Y plane itself, not a copy: it lives as long as the frame."""
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    luma: Gray = rows[: frame.height, : frame.width]
    return luma


def rgb_of(frame: av.VideoFrame, width: int) -> NDArray[np.uint8]:
    height = max(2, round(frame.height * width / frame.width))
    small = frame.reformat(width=width, height=height, format="rgb24")
    return np.asarray(small.to_ndarray(), np.uint8)


def _open() -> VideoCodecContext:
    codec = VideoCodecContext.create("vp8", "r")
    codec.thread_count = 1
    codec.thread_type = ThreadType.NONE
    return codec


def _refuse_size(head: Head) -> None:
    """Raises: NotVp8Error, before such a picture takes its memory."""
    if head.size is None:
        return
    width, height = head.size
    if min(width, height) < LEAST_PIXELS or width * height > MOST_PIXELS:
        raise NotVp8Error(f"a picture of {width} x {height}")
