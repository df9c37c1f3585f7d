import itertools

import pytest

from benchmarks.queue_order import Order
from queueing.catalogue import AgentEntry, Directory, Need, ServiceEntry, WideningStep
from queueing.messages import LedgerEntry
from queueing.model import AgentId, CompanyId, ServiceId

SECOND = 1_000_000
TELECOM, TEL = CompanyId("telecom"), ServiceId("tel")
ANNE, ROSE = AgentId("anne"), AgentId("rose")
DIRECTORY = Directory(
    version=1,
    services=(
        ServiceEntry(
            id=TEL,
            company=TELECOM,
            needs=(Need("lsf", 2),),
            widening=(WideningStep(after=20, reserve=True),),
        ),
    ),
    agents=(
        AgentEntry(id=ANNE, companies=frozenset({TELECOM}), skills={"lsf": 3}),
        AgentEntry(
            id=ROSE, companies=frozenset({TELECOM}), skills={"lsf": 3}, reserve=True
        ),
    ),
)


class Ledger:
    """Events one second apart, read by an `Order`."""

    def __init__(self):
        self.order = Order(DIRECTORY, pair_rest=30.0)
        self._seconds = itertools.count(1)

    def write(self, kind, call, agent=None, token=None, **facts):
        at = next(self._seconds) * SECOND
        self.order.take(
            LedgerEntry(
                position=f"{at}-0",
                event=f"fr-{at}",
                kind=kind,
                at=at,
                pool="fr",
                company=TELECOM,
                service=TEL,
                call=call,
                agent=agent,
                token=token,
                facts={"t0_us": at} | facts,
            )
        )

    @property
    def broken(self):
        return [each.split()[0] for each in self.order.broken]


@pytest.fixture
def ledger():
    ledger = Ledger()
    ledger.write("call_queued", "first")
    ledger.write("call_queued", "second")
    return ledger


def test_the_first_in_line_is_served_first(ledger):
    ledger.write("offer_made", "first", "anne", 1)
    ledger.write("offer_made", "second", "anne", 2)

    assert not ledger.broken


def test_whoever_overtakes_is_noticed(ledger):
    ledger.write("offer_made", "second", "anne", 1)

    assert ledger.broken == ["I8"]


def test_an_agent_who_refused_the_first_may_take_the_second(ledger):
    ledger.write("offer_made", "first", "anne", 1)
    ledger.write("call_requeued", "first", "anne", 1, reason="refused")
    ledger.write("offer_made", "second", "anne", 2)

    assert not ledger.broken


def test_a_lost_caller_is_in_nobodys_way_until_back(ledger):
    ledger.write("caller_lost", "first")
    ledger.write("offer_made", "second", "anne", 1)
    ledger.write("call_queued", "third")
    ledger.write("caller_back", "first", state="queued")
    ledger.write("offer_made", "third", "anne", 2)

    assert ledger.broken == ["I8"]


def test_the_reserve_serves_whose_widening_called_it(ledger):
    ledger.write("call_widened", "second", step=1, reserve=True)
    ledger.write("offer_made", "second", "rose", 1)

    assert not ledger.broken


def test_a_token_never_falls(ledger):
    ledger.write("offer_made", "first", "anne", 5)
    ledger.write("offer_made", "second", "anne", 4)

    assert ledger.broken == ["I7"]


def test_a_call_ends_once_and_with_its_t0(ledger):
    ledger.write("call_ended", "first", t0_us=SECOND)
    ledger.write("call_ended", "first", t0_us=SECOND)
    ledger.write("call_ended", "second", t0_us=SECOND)

    assert ledger.broken == ["I4", "I5"]


def test_who_was_not_understood_comes_before_everybody(ledger):
    ledger.write("offer_made", "first", "anne", 1)
    ledger.write("offer_made", "second", "anne", 2)
    ledger.write("not_understood", "second", "anne", 2, leg=1)
    ledger.write("call_requeued", "first", "anne", 1, reason="rescinded")
    ledger.write("call_requeued", "second", "anne", 2, reason="not_understood")
    ledger.write("call_widened", "first", step=1, reserve=True)
    ledger.write("call_widened", "second", step=1, reserve=True)
    ledger.write("offer_made", "first", "rose", 3)

    assert ledger.broken == ["I8"]


def test_who_waits_for_one_agent_is_in_no_others_way(ledger):
    ledger.write("offer_made", "first", "anne", 1)
    ledger.write("call_transferred", "first", "anne", 1, to_agent="rose", leg=1)
    ledger.write("call_requeued", "first", "anne", 1, reason="transferred")
    ledger.write("offer_made", "second", "anne", 2)

    assert not ledger.broken
