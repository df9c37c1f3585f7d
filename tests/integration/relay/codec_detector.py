"""A relay that writes a file as soon as anything asks aiortc for an encoder or decoder.

``python codec_detector.py FILE [media-relay]``: with the second argument aiortc's
MediaRelay takes the forwarder's place, as everybody else does it.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any, ClassVar

import aiortc.codecs
import aiortc.rtcrtpreceiver
import aiortc.rtcrtpsender
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.codecs.base import Decoder, Encoder
from aiortc.contrib.media import MediaRelay

import relay.legs
from relay.__main__ import main
from relay.forwarding.browser import Browser
from relay.messages import LegCondition
from relay.transport.sdp import without_candidates


def install(report):
    """Tell of every call of the two functions and of every codec made."""

    def tell(word):
        with report.open("a") as file:
            file.write(f"{word}\n")

    def told(function):
        def call(*arguments):
            tell(function.__name__)
            return function(*arguments)

        return call

    for module in (aiortc.codecs, aiortc.rtcrtpsender):
        vars(module)["get_encoder"] = told(aiortc.codecs.get_encoder)
    for module in (aiortc.codecs, aiortc.rtcrtpreceiver):
        vars(module)["get_decoder"] = told(aiortc.codecs.get_decoder)
    for kind in (*Encoder.__subclasses__(), *Decoder.__subclasses__()):
        setattr(kind, "__init__", _telling(kind.__init__, tell, kind.__name__))  # noqa: B010


def _telling(initialise, tell, name):
    def call(self, *arguments, **options):
        tell(name)
        initialise(self, *arguments, **options)

    return call


class MediaRelayLeg:
    """A leg as examples make it: tracks decoded, relayed as pictures, encoded again."""

    tracks: ClassVar[list[Any]] = []
    media_relay: Any = None
    ports = 1

    def __init__(self, leg, premises, *, observes, on_state):
        del premises
        self.id = leg
        self.condition = None
        self.browser = Browser(lambda *_: None, lambda _: None, observes=observes)
        self._on_state = on_state
        self._over = asyncio.Event()
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))

    async def answer(self, sdp):
        if MediaRelayLeg.media_relay is None:
            MediaRelayLeg.media_relay = MediaRelay()
        others = list(self.tracks)
        self._peer.on("track", self.tracks.append)
        offer = RTCSessionDescription(without_candidates(sdp), "offer")
        await self._peer.setRemoteDescription(offer)
        for track in others:
            self._peer.addTrack(self.media_relay.subscribe(track))
        await self._peer.setLocalDescription(await self._peer.createAnswer())
        return self._peer.localDescription.sdp

    async def run(self):
        self.condition = LegCondition.CONNECTED
        self._on_state(self, self.condition)
        await self._over.wait()
        await self._peer.close()

    async def discard(self):
        await self._peer.close()

    def stop(self):
        self._over.set()

    def tick(self, now):
        pass

    def counters(self):
        return {}


if __name__ == "__main__":
    install(Path(sys.argv[1]))
    if sys.argv[2:] == ["media-relay"]:
        vars(relay.legs)["Leg"] = MediaRelayLeg
    main()
