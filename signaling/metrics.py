"""What operations watch on a signaling process (Prometheus)."""

from collections.abc import Callable, Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector


class Metrics:
    """This process's counters, in a registry of their own."""

    def __init__(self) -> None:
        self.registry: Final = CollectorRegistry()
        self.sockets: Final = Gauge(
            "illico_sockets", "open sockets", ["role"], registry=self.registry
        )
        self.messages: Final = Counter(
            "illico_messages", "messages received from pages", registry=self.registry
        )
        self.problems: Final = Counter(
            "illico_problems",
            "refusals sent to pages",
            ["code"],
            registry=self.registry,
        )

    def watch_queue(self, unconfirmed: Callable[[], int]) -> None:
        """Tell also what the queue's door counts, from now on."""
        self.registry.register(Unconfirmed(unconfirmed))


class Unconfirmed(Collector):
    """Reads a count that somebody else keeps."""

    def __init__(self, count: Callable[[], int]) -> None:
        self._count = count

    def collect(self) -> Iterable[Metric]:
        """Give the count as it is now."""
        yield CounterMetricFamily(
            "illico_unconfirmed",
            "changes of the queue that were told of before a replica had them",
            value=self._count(),
        )
