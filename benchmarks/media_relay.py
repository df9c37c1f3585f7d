"""aiortc's MediaRelay as a server: pictures decoded, handed round, and encoded again.

So everybody forwards who takes aiortc as its examples show it. ``python -m
benchmarks.media_relay SOCKET`` serves offers at a Unix socket.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import aiohttp
import uvloop
from aiohttp import web
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.contrib.media import MediaRelay

from benchmarks.media_peer import MediaPeer
from benchmarks.relay_rivals import ROOT, SENDS, WATCHES, Stream, process

MAX_SDP: Final = 1 << 16


class MediaRelayServer:
    """Who publishes and who watches, by the number of their stream."""

    def __init__(self) -> None:
        self._relay = MediaRelay()
        self._peers: list[RTCPeerConnection] = []
        self._published: list[list[MediaStreamTrack]] = []

    async def publish(self, request: web.Request) -> web.Response:
        """Take an offer of somebody who sends."""
        tracks: list[MediaStreamTrack] = []
        peer = self._peer()
        peer.on("track", tracks.append)
        self._published.append(tracks)
        number = str(len(self._published) - 1)
        return await self._answer(peer, await request.text(), number, ())

    async def watch(self, request: web.Request) -> web.Response:
        """Take an offer of somebody who watches."""
        tracks = self._published[int(request.match_info["stream"])]
        copies = [self._relay.subscribe(track, buffered=False) for track in tracks]
        return await self._answer(self._peer(), await request.text(), "", copies)

    async def close(self, _app: web.Application) -> None:
        """Hang up."""
        for peer in self._peers:
            await peer.close()

    def _peer(self) -> RTCPeerConnection:
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._peers.append(peer)
        return peer

    @staticmethod
    async def _answer(
        peer: RTCPeerConnection,
        sdp: str,
        stream: str,
        tracks: "list[MediaStreamTrack] | tuple[()]",
    ) -> web.Response:
        await peer.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        for track in tracks:
            peer.addTrack(track)
        await peer.setLocalDescription(await peer.createAnswer())
        return web.Response(
            text=peer.localDescription.sdp, headers={"Illico-Stream": stream}
        )


async def serve(path: str) -> None:
    """Serve for ever."""
    server = MediaRelayServer()
    app = web.Application(client_max_size=MAX_SDP)
    app.router.add_post("/publish", server.publish)
    app.router.add_post("/watch/{stream}", server.watch)
    app.on_shutdown.append(server.close)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.UnixSite(runner, path).start()
    sys.stdout.write(f"ready media relay {path}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


class MediaRelayRival:
    """Such a server in a process of its own."""

    name = "MediaRelay"

    def __init__(
        self, http: aiohttp.ClientSession, pid: int, stack: AsyncExitStack
    ) -> None:
        self.pid: Final = pid
        self._http = http
        self._stack = stack

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator["MediaRelayRival"]:
        """Run it until the block ends."""
        with tempfile.TemporaryDirectory(prefix="media") as folder:
            path = f"{folder}/s"
            command = (sys.executable, "-m", "benchmarks.media_relay", path)
            variables = {"PYTHONPATH": str(ROOT)}
            async with (
                process(*command, variables=variables, ready=b"ready") as server,
                aiohttp.ClientSession(
                    "http://media-relay", connector=aiohttp.UnixConnector(path)
                ) as http,
                AsyncExitStack() as stack,
            ):
                yield cls(http, server.pid, stack)

    async def stream(self, *, watchers: int = 1) -> Stream:
        """Let one send and others watch."""
        source = await self._stack.enter_async_context(MediaPeer.open(**SENDS))
        number = await self._offer(source, "/publish")
        sinks = []
        for _ in range(watchers):
            opening = MediaPeer.open(**WATCHES)
            sinks.append(await self._stack.enter_async_context(opening))
            await self._offer(sinks[-1], f"/watch/{number}")
        return Stream(source, tuple(sinks))

    async def _offer(self, peer: MediaPeer, path: str) -> str:
        async with self._http.post(path, data=peer.offer()) as reply:
            reply.raise_for_status()
            await peer.answer(await reply.text())
            return reply.headers["Illico-Stream"]


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1]))
