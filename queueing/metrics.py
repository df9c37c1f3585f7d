"""What operations watch of the queue (Prometheus): the pool's counters, read when asked.

They are the pool's, not this process's: every queueing process tells the same ones.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from queueing.model import AgentState
from queueing.monitor import Monitor
from queueing.survey import Survey
from queueing.tallies import EDGES

OUTCOMES: Final = {
    "offer_made": "made",
    "call_accepted": "accepted",
    "offer_refused": "refused",
    "offer_timed_out": "timed_out",
    "offer_cancelled": "cancelled",
    "offer_rescinded": "rescinded",
}
"""What becomes of an offer, by the ledger's word for it."""

SWEEP_EDGES: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


class Metrics:
    """This process's registry: the pool's figures and its own sweeps."""

    def __init__(self, monitor: Monitor) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(PoolCollector(monitor))
        self.sweeps: Final = Histogram(
            "illico_queue_sweep_seconds",
            "how long one sweep of this process took, the store's reply included",
            buckets=SWEEP_EDGES,
            registry=self._registry,
        )

    def render(self) -> bytes:
        """Write everything in Prometheus's text format."""
        return generate_latest(self._registry)


class PoolCollector(Collector):
    """Tells the last look of the monitor; nothing before the first."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor

    def collect(self) -> Iterable[Metric]:
        """Give every figure."""
        survey = self._monitor.survey
        if survey is None:
            return
        yield from _waiting(survey)
        yield _agents(survey)
        yield from _counted(survey)
        yield from self._learned(survey)
        yield _waits(survey)
        figures = survey.figures
        yield CounterMetricFamily(
            "illico_queue_violations",
            "callers found waiting beside an agent who fits, leases that ended nothing",
            value=figures.violations,
        )
        yield GaugeMetricFamily("illico_queue_leases", "leases", figures.leases)
        yield GaugeMetricFamily(
            "illico_queue_overdue_seconds",
            "how long the first lease has been due; sweeps keep it near 0",
            figures.overdue,
        )

    def _learned(self, survey: Survey) -> Iterator[Metric]:
        rates = self._monitor.rates
        handle = _gauge("handle", "mean time that a call takes an agent, as learned")
        patience = _gauge("patience", "mean time after which callers leave, as learned")
        for service in sorted(survey.figures.tallies):
            handle.add_metric((service,), rates.handle(service))
            patience.add_metric((service,), rates.patience(service))
        yield handle
        yield patience


def _gauge(name: str, text: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"illico_queue_{name}_seconds", text, labels=("service",))


def _waiting(survey: Survey) -> Iterator[Metric]:
    waiting = GaugeMetricFamily(
        "illico_queue_waiting", "callers who wait", labels=("company",)
    )
    longest = GaugeMetricFamily(
        "illico_queue_longest_wait_seconds",
        "wait of the caller who is next, by line the longest",
        labels=("company",),
    )
    companies = {line.company for line in survey.lines}
    for company in sorted(companies):
        lines = [line for line in survey.lines if line.company == company]
        waiting.add_metric((company,), sum(line.length for line in lines))
        oldest = min(line.oldest for line in lines) / 1_000_000
        longest.add_metric((company,), survey.figures.now - oldest)
    yield waiting
    yield longest


def _agents(survey: Survey) -> Metric:
    family = GaugeMetricFamily(
        "illico_queue_agents", "agents of the directory by state", labels=("state",)
    )
    for state in AgentState:
        family.add_metric((state,), survey.states.get(state, 0))
    return family


def _counted(survey: Survey) -> Iterator[Metric]:
    calls = CounterMetricFamily(
        "illico_queue_calls", "calls that came in", labels=("service",)
    )
    offers = CounterMetricFamily(
        "illico_queue_offers", "offers by outcome", labels=("service", "outcome")
    )
    left = CounterMetricFamily(
        "illico_queue_left", "callers who left before T1", labels=("service",)
    )
    for service, counts in sorted(survey.figures.counts.items()):
        calls.add_metric((service,), counts.get("call_queued", 0))
        for kind, outcome in OUTCOMES.items():
            offers.add_metric((service, outcome), counts.get(kind, 0))
    for service, tally in sorted(survey.figures.tallies.items()):
        left.add_metric((service,), tally.left)
    yield calls
    yield offers
    yield left


def _waits(survey: Survey) -> Metric:
    family = HistogramMetricFamily(
        "illico_queue_wait_seconds", "T0 to the first T1", labels=("service",)
    )
    edges = [*(f"{float(edge)}" for edge in EDGES), "+Inf"]
    for service, tally in sorted(survey.figures.tallies.items()):
        buckets = list(zip(edges, tally.answered_by, strict=True))
        family.add_metric((service,), buckets, sum_value=tally.answered_seconds)
    return family
