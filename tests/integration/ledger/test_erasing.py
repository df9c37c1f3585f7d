"""People are forgotten, and every chain stays whole."""

import pytest
from sqlalchemy import text

from ledger.client import LedgerClient
from ledger.store import Batch
from tests.integration.ledger.houses import (
    ASSURANCE,
    TELECOM,
    all_links,
    an_event,
    chained_numbers,
)

LEFT, STAYED = "agent-7", "agent-8"


@pytest.fixture
async def ledger(store):
    """Two chains: events of one agent, of another, of both, and of a caller's words."""
    events = [
        an_event(1, agent=LEFT, agent_name="Zoé"),
        an_event(2, agent=STAYED, agent_name="Ali"),
        an_event(3, agent=STAYED, to_agent=LEFT),
        an_event(4, comment=f"merci {LEFT}"),
        an_event(5, ASSURANCE, agent=LEFT),
    ]
    await store.append(Batch("fr", "5-0", events))
    return LedgerClient(store)


async def values(store, company=TELECOM):
    return [
        {name: part.value for name, part in link.erasable.items()}
        for link in await all_links(store, company)
    ]


async def test_an_agent_who_left_is_in_no_chain_any_more(ledger, store):
    erased = await ledger.erase_agent(LEFT)

    assert erased == 3
    assert await values(store) == [
        {},
        {"agent": STAYED, "agent_name": "Ali"},
        {"agent": STAYED},
        {"comment": f"merci {LEFT}"},
    ]
    assert await values(store, ASSURANCE) == [{}]
    assert await chained_numbers(store) == [1, 2, 3, 4]
    assert await ledger.erase_agent(LEFT) == 0


async def test_what_people_said_in_a_call_is_forgotten(ledger, store):
    assert await ledger.erase_call("c4") == 1

    assert (await values(store))[3] == {}
    assert await chained_numbers(store) == [1, 2, 3, 4]


@pytest.mark.parametrize("odd", ["%", "_", "agent-%", "x' OR 1=1 --", 'a"b', "\\"])
async def test_a_name_that_looks_like_a_pattern_erases_nobody_else(ledger, store, odd):
    before = await values(store)

    assert await ledger.erase_agent(odd) == 0
    assert await values(store) == before


async def test_many_events_of_one_person_are_all_erased(store):
    events = [an_event(number, agent=LEFT) for number in range(1, 602)]
    await store.append(Batch("fr", "601-0", events))

    assert await LedgerClient(store).erase_agent(LEFT) == 601
    async with store._engine.connect() as connection:
        count = text("SELECT count(*) FROM ledger_event WHERE erasable IS NOT NULL")
        assert (await connection.execute(count)).scalar_one() == 0
