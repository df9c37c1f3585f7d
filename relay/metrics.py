"""What a relay tells Prometheus: sums over its legs, read when asked."""

import asyncio
import os
import socket
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from relay.exchange import Exchange
from relay.eye_port import EyeLoad

DESCRIPTORS: Final = Path("/dev/fd")
"""What this process has open, on Linux and macOS."""

FLUENT: Final = 25
"""Pictures a second below which signing is hard to read."""


class RelayCollector(Collector):
    """Adds up the counters of every leg, and of those that have ended."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def collect(self) -> Iterable[Metric]:
        """Give every figure."""
        exchange = self._exchange
        totals = dict(exchange.legs.ended)
        for leg in exchange.legs.values():
            for name, value in leg.counters().items():
                totals[name] = totals.get(name, 0) + value
        for name, text in COUNTERS.items():
            yield CounterMetricFamily(
                f"illico_relay_{name}", text, value=totals.get(name, 0)
            )
        yield GaugeMetricFamily(
            "illico_relay_calls", "calls with somebody in them", len(exchange.calls)
        )
        yield _legs(exchange)
        yield _rates(exchange)
        yield from _people(exchange)
        yield from eye_figures(exchange.looking.load)
        yield GaugeMetricFamily(
            "illico_relay_tasks", "tasks that run", len(asyncio.all_tasks())
        )
        yield GaugeMetricFamily(
            "illico_relay_sockets", "UDP sockets that are open", _udp_sockets()
        )


COUNTERS = {
    "packets_in": "media datagrams received",
    "packets_out": "media datagrams sent",
    "malformed": "datagrams or packets that broke their format, dropped",
    "undecipherable": "datagrams that failed authentication, were replayed, or held a DTLS "
    "alert in the clear, dropped",
    "strangers": "handshakes and checks of addresses that a leg does not trust or has "
    "no room for, dropped",
    "unknown": "packets of no negotiated stream, not sent yet, or under one SSRC too "
    "many, dropped",
    "unsent": "packets dropped because a leg could not take them",
    "excess": "authentic packets, handshakes and wishes over what a leg may send in a "
    "second, dropped",
    "refused": "checks that prove no password or lack their priority, refused",
    "broken": "media datagrams that our own rules broke on, dropped",
    "duplicates": "RTP packets that came twice, dropped",
    "resent": "packets sent again after a NACK",
}


def _legs(exchange: Exchange) -> Metric:
    family = GaugeMetricFamily("illico_relay_legs", "legs by state", labels=("state",))
    states = [str(leg.condition or "connecting") for leg in exchange.legs.values()]
    for state in sorted({*states, "connecting", "connected", "lost"}):
        family.add_metric((state,), states.count(state))
    return family


def _rates(exchange: Exchange) -> Metric:
    told = [leg.browser.steering.told_bps for leg in exchange.legs.values()]
    return GaugeMetricFamily(
        "illico_relay_remb_bps",
        "sum of what browsers were last told that they may send",
        sum(told),
    )


def _people(exchange: Exchange) -> Iterable[Metric]:
    fps = [leg.browser.meter.reading.fps for leg in exchange.legs.values()]
    hidden = (
        p.is_hidden for call in exchange.calls for p in call.participants.values()
    )
    for name, text, value in (
        (
            "slow_legs",
            "legs whose pictures come at fewer than 25 a second, though they come",
            sum(0 < one < FLUENT for one in fps),
        ),
        ("hold_pictures", "participants for whom one stands", len(exchange.holds)),
        ("hidden", "participants who watch unseen", sum(hidden)),
    ):
        yield GaugeMetricFamily(f"illico_relay_{name}", text, value)


def eye_figures(load: EyeLoad) -> Iterable[Metric]:
    """Give the figures of the eye."""
    absent = GaugeMetricFamily(
        "illico_eye_absent", "1 where nothing is looked at, and why", labels=("reason",)
    )
    if load.absent is not None:
        absent.add_metric((load.absent,), 1)
    yield absent
    for name, text in EYE_GAUGES.items():
        yield GaugeMetricFamily(f"illico_eye_{name}", text, getattr(load, name))
    for name, text in EYE_COUNTERS.items():
        yield CounterMetricFamily(f"illico_eye_{name}", text, getattr(load, name))
    yield GaugeMetricFamily(
        "illico_eye_late_seconds",
        "how much waits of the stream of which most waits",
        load.late_s,
    )
    yield CounterMetricFamily(
        "illico_eye_processor_seconds",
        "processor time of looking, of all workers",
        load.processor_s,
    )
    checks = CounterMetricFamily(
        "illico_eye_checks",
        "pictures in which something was looked for",
        labels=("of",),
    )
    for of, count in load.checks.items():
        checks.add_metric((of,), count)
    yield checks


EYE_GAUGES = {
    "workers": "worker processes that there should be",
    "sealed": "workers that have closed their doors in the kernel",
    "streams": "people who are looked at",
    "resting": "of them, those whose turn it is not, because there is too much to do",
    "factor": "how many times less is looked at than usual; 1 when all is well",
}
EYE_COUNTERS = {
    "frames": "pictures decoded",
    "samples": "pictures measured",
    "dropped": "pictures that nobody had time for, or that could not be decoded alone",
    "restarts": "workers replaced",
    "blamed": "people not looked at any more, because workers ended by their pictures",
}


def _udp_sockets() -> int:
    """Ask the system, which also knows of a socket that its leg has forgotten."""
    return sum(_is_udp(int(entry.name)) for entry in DESCRIPTORS.iterdir())


def _is_udp(descriptor: int) -> bool:
    try:
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            return False
        looked_at = socket.socket(fileno=descriptor)
    except OSError:  # the one that listed them is gone by now
        return False
    try:
        return looked_at.type == socket.SOCK_DGRAM
    finally:
        looked_at.detach()


def render(exchange: Exchange) -> bytes:
    """Write the figures in Prometheus's text format."""
    registry = CollectorRegistry()
    registry.register(RelayCollector(exchange))
    return generate_latest(registry)
