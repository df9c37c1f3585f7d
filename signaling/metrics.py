"""What operations watch on a signaling process (Prometheus)."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge


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
