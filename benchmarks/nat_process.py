"""The process behind `benchmarks.nat`: UDP passes through it over bad lines.

It reads commands as lines of JSON, answers each with one line, and ends with its input.
"""

import asyncio
import heapq
import itertools
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from random import Random
from typing import Final

import msgspec
import uvloop

from benchmarks.links import Link, Quality

MOST_UNDER_WAY: Final = 20_000
"""Packets that one direction may hold; what comes then is dropped."""

MOST_ADDRESSES: Final = 64
"""Sockets of a browser that one door knows; the next ones are not let in."""

BUFFER: Final = 1 << 20
AT_ONCE: Final = 64

Address = tuple[str, int]


class NewLine(msgspec.Struct, frozen=True, tag="new_line"):
    """Have a line; its number is the answer."""

    up: Quality
    down: Quality
    seed: int


class NewDoor(msgspec.Struct, frozen=True, tag="new_door"):
    """Have a port that leads over a line to a target; its address is the answer."""

    line: int
    host: str
    port: int


class Change(msgspec.Struct, frozen=True, tag="change"):
    """Be another line from now on."""

    line: int
    up: Quality
    down: Quality


class Rebind(msgspec.Struct, frozen=True, tag="rebind"):
    """Come from other ports from now on, as behind a router that has forgotten."""

    line: int


class Count(msgspec.Struct, frozen=True, tag="count"):
    """Say what has gone over a line."""

    line: int


class Counted(msgspec.Struct, frozen=True):
    """What one direction has been given, and what became of it."""

    packets: int
    octets: int
    lost: int
    overflowed: int


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer to any command."""

    line: int = -1
    host: str = ""
    port: int = 0
    up: Counted | None = None
    down: Counted | None = None


Command = NewLine | NewDoor | Change | Rebind | Count


class _Way:
    """One direction of a line, with the packets that are on it."""

    def __init__(self, quality: Quality, seed: int) -> None:
        self.link: Final = Link(quality, Random(seed))  # noqa: S311 - it loses packets
        self._under_way: list[tuple[float, int, bytes, Callable[[bytes], object]]] = []
        self._number = itertools.count()
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None

    def take(self, data: bytes, send: Callable[[bytes], object]) -> None:
        now = time.monotonic()
        comes = self.link.pass_on(len(data), now)
        if comes is None or len(self._under_way) >= MOST_UNDER_WAY:
            return
        if comes <= now and not self._under_way:
            send(data)
            return
        heapq.heappush(self._under_way, (comes, next(self._number), data, send))
        if self._under_way[0][0] == comes:
            self._set_timer(comes - now)

    def counted(self) -> Counted:
        link = self.link
        return Counted(link.packets, link.octets, link.lost, link.overflowed)

    def _set_timer(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(max(0.0, seconds), self._let_out)

    def _let_out(self) -> None:
        self._timer = None
        now = time.monotonic()
        while self._under_way and self._under_way[0][0] <= now:
            _, _, data, send = heapq.heappop(self._under_way)
            send(data)
        if self._under_way:
            self._set_timer(self._under_way[0][0] - now)


class _Line:
    def __init__(self, wish: NewLine) -> None:
        self.up: Final = _Way(wish.up, 2 * wish.seed)
        self.down: Final = _Way(wish.down, 2 * wish.seed + 1)
        self.doors: list[_Door] = []

    def change(self, up: Quality, down: Quality) -> None:
        now = time.monotonic()
        self.up.link.change(up, now)
        self.down.link.change(down, now)


class _Door:
    """A port on this side; every address that knocks gets a socket on the other."""

    def __init__(self, line: _Line, target: Address) -> None:
        self._line = line
        self._target = target
        self._beyond: dict[Address, socket.socket] = {}
        self._socket = _bound(target[0])
        asyncio.get_running_loop().add_reader(self._socket, self._from_browser)

    @property
    def address(self) -> Address:
        host, port = self._socket.getsockname()[:2]
        return str(host), int(port)

    def rebind(self) -> None:
        for beyond in self._beyond.values():
            asyncio.get_running_loop().remove_reader(beyond)
            beyond.close()
        self._beyond.clear()

    def _from_browser(self) -> None:
        for _ in range(AT_ONCE):
            try:
                data, browser = self._socket.recvfrom(2048)
            except OSError:
                return
            if browser in self._beyond or len(self._beyond) < MOST_ADDRESSES:
                self._line.up.take(data, partial(self._go_on, browser))

    def _go_on(self, browser: Address, data: bytes) -> None:
        with suppress(OSError):
            (self._beyond.get(browser) or self._reach(browser)).send(data)

    def _reach(self, browser: Address) -> socket.socket:
        beyond = self._beyond[browser] = _bound(self._target[0])
        beyond.connect(self._target)
        asyncio.get_running_loop().add_reader(beyond, self._back, beyond, browser)
        return beyond

    def _back(self, beyond: socket.socket, browser: Address) -> None:
        for _ in range(AT_ONCE):
            try:
                data = beyond.recv(2048)
            except OSError:
                return
            self._line.down.take(data, partial(self._come_back, browser))

    def _come_back(self, browser: Address, data: bytes) -> None:
        with suppress(OSError):
            self._socket.sendto(data, browser)


def _bound(host: str) -> socket.socket:
    bound = socket.socket(
        socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM
    )
    bound.setblocking(False)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    bound.bind((host, 0))
    return bound


class Proxy:
    """All lines of this process."""

    def __init__(self) -> None:
        self._lines: list[_Line] = []

    def do(self, command: Command) -> Reply:
        match command:
            case NewLine():
                self._lines.append(_Line(command))
                return Reply(line=len(self._lines) - 1)
            case NewDoor(line, host, port):
                door = _Door(self._lines[line], (host, port))
                self._lines[line].doors.append(door)
                return Reply(host=door.address[0], port=door.address[1])
            case Change(line, up, down):
                self._lines[line].change(up, down)
            case Rebind(line):
                for door in self._lines[line].doors:
                    door.rebind()
            case Count(line):
                ways = self._lines[line]
                return Reply(up=ways.up.counted(), down=ways.down.counted())
        return Reply()


async def _obey() -> None:
    loop = asyncio.get_running_loop()
    commands = asyncio.StreamReader()
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(commands), sys.stdin
    )
    proxy = Proxy()
    understand = msgspec.json.Decoder(Command).decode
    while line := await commands.readline():
        print(msgspec.json.encode(proxy.do(understand(line))).decode(), flush=True)


if __name__ == "__main__":
    uvloop.run(_obey())
