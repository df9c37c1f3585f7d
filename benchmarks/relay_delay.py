"""How much later a packet arrives by way of our relay than it would without."""

import asyncio
import socket
from collections.abc import Sequence
from functools import partial
from statistics import median
from typing import Any, Final

from rich.console import Console

from benchmarks.delays import Delays
from benchmarks.figures import percentile
from benchmarks.load import Load, Sealed, apart
from benchmarks.packets import Film
from benchmarks.peer_ice import Address
from benchmarks.peer_socket import BUFFER, STAMPED, arrival
from benchmarks.peer_wishes import Wishes, own_address
from benchmarks.relay_rivals import OurRelay, Stream
from benchmarks.sweep import swept

WATCHES: Final[Wishes] = {"sends": False}
"""Nothing is lost here: what comes again would count as slow."""

LATE: Final = 0.3
"""Seconds after the last packet within which it must have come."""

SHARES: Final = (0.50, 0.99)


class PlainSink:
    """A socket that only notes when each datagram arrived."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self._socket.setsockopt(socket.SOL_SOCKET, STAMPED, 1)
        self._socket.bind((own_address(), 0))
        self.arrivals: list[float] = []

    @property
    def address(self) -> Address:
        host, port = self._socket.getsockname()
        return str(host), int(port)

    def fileno(self) -> int:
        return self._socket.fileno()

    def read(self) -> bool:
        """Take one datagram; says whether there was one."""
        try:
            _, extra, _, _ = self._socket.recvmsg(2048, 64)
        except BlockingIOError:
            return False
        self.arrivals.append(arrival(extra))
        return True

    def sleep(self) -> None:
        """Nothing wakes it anyhow."""

    def wake(self) -> None:
        """As above."""

    def close(self) -> None:
        """Free the port."""
        self._socket.close()


async def added_latency(
    *, film: Film, runs: int, seconds: float, streams: int, console: Console
) -> dict[str, Any]:
    """Send the same packets straight and through our relay; give the differences."""
    differences: list[list[float]] = []
    async with OurRelay.open() as relay:
        made = [await relay.stream(watching=WATCHES) for _ in range(streams)]
        load = Load(made, film)
        with apart(relay.pid):
            await load.round(1.0, relay.pid)
            for number in range(1, runs + 1):
                sealed = load.sealed(seconds)
                straight = await _straight(load, sealed, made)
                relayed = await _relayed(load, sealed, made)
                both = [[percentile(d, s) for s in SHARES] for d in (straight, relayed)]
                differences.append([(r - d) * 1e3 for d, r in zip(*both, strict=True)])
                console.print(
                    f"run {number}: straight {_ms(both[0])}, by the relay {_ms(both[1])}"
                )
    p50, p99 = (round(median(column), 3) for column in zip(*differences, strict=True))
    return {"added_latency_ms": {"p50": p50, "p99": p99}}


async def _straight(
    load: Load, sealed: list[Sealed], streams: Sequence[Stream]
) -> list[float]:
    sinks = [PlainSink() for _ in streams]
    ways = [
        partial(stream.source.wired.send_to, address=sink.address)
        for stream, sink in zip(streams, sinks, strict=True)
    ]
    with swept(sinks):
        sent = (await load.send(sealed, ways)).sent
    took: list[float] = []
    for n, sink in enumerate(sinks):
        own = [
            at for at, (_, stream, _) in zip(sent, sealed, strict=True) if stream == n
        ]
        took += [b - a for a, b in zip(own, sink.arrivals, strict=True)]
        sink.close()
    return took


async def _relayed(
    load: Load, sealed: list[Sealed], streams: Sequence[Stream]
) -> list[float]:
    heard = [_listen(stream) for stream in streams]
    with swept([stream.sinks[0].wired for stream in streams]):
        sent = (await load.send(sealed)).sent
        await asyncio.sleep(LATE)
    took: list[float] = []
    for n, (stream, delays) in enumerate(zip(streams, heard, strict=True)):
        own = [
            (data, at)
            for at, (_, number, data) in zip(sent, sealed, strict=True)
            if number == n
        ]
        for kind in ("audio", "video"):
            ssrc = stream.source.line(kind).ssrc
            ours = [(d, at) for d, at in own if int.from_bytes(d[8:12]) == ssrc]
            took += delays.of(kind, ours)
    return took


def _listen(stream: Stream) -> Delays:
    sink = stream.sinks[0]
    kinds = {s: "video" if r.video else "audio" for s, r in sink.receiving.items()}
    delays = Delays(kinds)
    sink.wired.stamp()
    sink.on_packet = delays.hear
    return delays


def _ms(values: Sequence[float]) -> str:
    return " / ".join(f"{value * 1e3:.3f}" for value in values) + " ms (p50 / p99)"
