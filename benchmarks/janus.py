"""Janus VideoRoom in the race: its process, its API over a WebSocket, its rooms."""

import asyncio
import contextlib
import itertools
import secrets
import shutil
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp

from benchmarks.media_peer import MediaPeer
from benchmarks.peer_sdp import TRANSPORT_WIDE
from benchmarks.peer_wishes import Wishes
from benchmarks.relay_rivals import SENDS, WATCHES, Stream, process
from illico.ports import any_free

PATIENCE: Final = 10.0
POLL_SECONDS: Final = 0.05
KEEP_ALIVE: Final = 25.0
UDP_PORTS: Final = "32000-32699"
MODES: Final = {"threads": 0, "1 loop": 1, "2 loops": 2}
"""How many event loops; with none each connection has a thread of its own."""

IDLE_PLUGINS: Final = (
    "audiobridge,duktape,echotest,lua,nosip,recordplay,sip,streaming,textroom"
    ",videocall,voicemail"
)
IDLE_TRANSPORTS: Final = "http,mqtt,nanomsg,pfunix,rabbitmq"
ROOM: Final[dict[str, Any]] = {
    "publishers": 2,
    "bitrate": 3_000_000,
    "fir_freq": 0,
    "audiocodec": "opus",
    "videocodec": "vp8",
    "transport_wide_cc_ext": True,
}


class JanusRefusedError(Exception):
    """Janus did not do what it was asked."""


def installed() -> str | None:
    """Say where Janus is, if it is on this machine."""
    return shutil.which("janus")


class Session:
    """Our session with a Janus process: requests with their answers, kept alive."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self._transactions = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._ups: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator["Session"]:
        """Be connected until the block ends; the server may still be starting."""
        async with (
            aiohttp.ClientSession() as http,
            await _connected(http, url) as socket,
            asyncio.TaskGroup() as tasks,
        ):
            session = cls(socket)
            running = [
                tasks.create_task(session._read()),
                tasks.create_task(session._keep_alive()),
            ]
            try:
                created = await session.ask({"janus": "create"})
                session._number = created["data"]["id"]
                yield session
            finally:
                for task in running:
                    task.cancel()

    async def attach(self) -> int:
        """Make a handle of the video room: one connection."""
        wish = {"janus": "attach", "plugin": "janus.plugin.videoroom"}
        return int((await self.ask(wish))["data"]["id"])

    async def tell(
        self, handle: int, body: dict[str, Any], *, sdp: tuple[str, str] | None = None
    ) -> dict[str, Any]:
        """Say something to the video room, perhaps with (type, SDP); gives its reply."""
        wish: dict[str, Any] = {"janus": "message", "handle_id": handle, "body": body}
        if sdp is not None:
            wish["jsep"] = {"type": sdp[0], "sdp": sdp[1]}
        reply = await self.ask(wish)
        data = reply["plugindata"]["data"]
        if "error" in data:
            raise JanusRefusedError(data["error"])
        return {**data, "sdp": reply.get("jsep", {}).get("sdp", "")}

    async def ask(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Send a request and wait for what answers it.

        Raises:
            JanusRefusedError: it was refused.

        """
        transaction = str(next(self._transactions))
        answer = asyncio.get_running_loop().create_future()
        self._waiting[transaction] = answer
        whole = {"transaction": transaction, **wish}
        if self._number:
            whole["session_id"] = self._number
        await self._socket.send_json(whole)
        async with asyncio.timeout(PATIENCE):
            reply: dict[str, Any] = await answer
        if reply["janus"] == "error":
            raise JanusRefusedError(reply["error"]["reason"])
        return reply

    async def up(self, handle: int) -> None:
        """Wait until a connection carries media."""
        async with asyncio.timeout(PATIENCE):
            await self._ups[handle].wait()

    async def _read(self) -> None:
        async for message in self._socket:
            said = message.json()
            if said["janus"] == "webrtcup":
                self._ups[said["sender"]].set()
            if said["janus"] == "ack" or "transaction" not in said:
                continue
            waiting = self._waiting.pop(said["transaction"], None)
            if waiting is not None and not waiting.done():
                waiting.set_result(said)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(KEEP_ALIVE)
            # acknowledged only, so nobody waits for an answer
            await self._socket.send_json(
                {
                    "janus": "keepalive",
                    "session_id": self._number,
                    "transaction": "keepalive",
                }
            )


class Janus:
    """One Janus process.

    Every publisher and every subscriber is a connection of its own there, so that a call
    of two makes four; with us it makes two. So what is compared is a packet.
    """

    def __init__(
        self, name: str, pid: int, session: Session, stack: AsyncExitStack
    ) -> None:
        self.name: Final = name
        self.pid: Final = pid
        self._session = session
        self._stack = stack

    @classmethod
    @asynccontextmanager
    async def open(cls, mode: str) -> AsyncIterator["Janus"]:
        """Run one until the block ends; ``mode`` is a key of `MODES`.

        Raises:
            FileNotFoundError: it is not installed.

        """
        program = installed()
        if program is None:
            raise FileNotFoundError("janus is not installed")
        port = any_free("127.0.0.1")
        with tempfile.TemporaryDirectory(prefix="janus") as folder:
            _configure(Path(folder), port, MODES[mode])
            async with (
                process(program, "-F", folder, "-o", variables={}) as server,
                Session.open(f"ws://127.0.0.1:{port}") as session,
                AsyncExitStack() as stack,
            ):
                yield cls(f"janus, {mode}", server.pid, session, stack)

    async def stream(self, *, watchers: int = 1) -> Stream:
        """Make a room of one publisher and some subscribers."""
        room = secrets.randbelow(1 << 31)
        source, feed = await self._publisher(room)
        sinks = [await self._subscriber(room, feed) for _ in range(watchers)]
        return Stream(source, tuple(sinks))

    async def _publisher(self, room: int) -> tuple[MediaPeer, int]:
        api, handle = self._session, await self._session.attach()
        await api.tell(handle, {"request": "create", "room": room, **ROOM})
        joined = await api.tell(
            handle, {"request": "join", "ptype": "publisher", "room": room}
        )
        peer = await self._stack.enter_async_context(MediaPeer.open(**SENDS))
        published = await api.tell(
            handle, {"request": "publish"}, sdp=("offer", peer.offer())
        )
        await peer.answer(published["sdp"])
        await api.up(handle)
        return peer, int(joined["id"])

    async def _subscriber(self, room: int, feed: int) -> MediaPeer:
        """Watch without a transport-wide number, as our relay lets everybody watch."""
        api, handle = self._session, await self._session.attach()
        wish = {"request": "join", "ptype": "subscriber", "room": room}
        offered = await api.tell(handle, {**wish, "streams": [{"feed": feed}]})
        wishes: Wishes = {**WATCHES, "left_out": (TRANSPORT_WIDE, "transport-cc")}
        peer = await self._stack.enter_async_context(MediaPeer.open(**wishes))
        answer = peer.answer_to(offered["sdp"])
        await api.tell(handle, {"request": "start"}, sdp=("answer", answer))
        await peer.connect()
        await api.up(handle)
        return peer


async def _connected(
    http: aiohttp.ClientSession, url: str
) -> aiohttp.ClientWebSocketResponse:
    async with asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(aiohttp.ClientConnectionError):
                return await http.ws_connect(url, protocols=("janus-protocol",))
            await asyncio.sleep(POLL_SECONDS)


def _configure(folder: Path, port: int, loops: int) -> None:
    """Write what Janus reads; whatever the race does not need is left out."""
    general = "debug_level = 2" + (f" event_loops = {loops}" if loops else "")
    texts = {
        "janus": (
            f"general: {{ {general} }}\n"
            f'media: {{ rtp_port_range = "{UDP_PORTS}" }}\n'
            "nat: { ignore_mdns = true }\n"
            f'plugins: {{ disable = "{_files(IDLE_PLUGINS)}" }}\n'
            f'transports: {{ disable = "{_files(IDLE_TRANSPORTS)}" }}\n'
        ),
        "janus.transport.websockets": (
            f'general: {{ ws = true ws_port = {port} ws_ip = "127.0.0.1" }}\n'
        ),
        "janus.plugin.videoroom": "general: { }\n",
    }
    for name, text in texts.items():
        (folder / f"{name}.jcfg").write_text(text, encoding="utf-8")


def _files(names: str) -> str:
    return ",".join(f"libjanus_{name}.so" for name in names.split(","))
