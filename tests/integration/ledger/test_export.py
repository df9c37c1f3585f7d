"""An export from a real database: whole, streamed, and without a word of a person."""

import json

import pytest

from ledger.alone import illico_verify as alone
from ledger.client import LedgerClient
from ledger.errors import HeadsUnusableError, NoSuchLinkError
from ledger.head_texts import read
from ledger.keys import SigningKey
from ledger.store import PAGE, Batch
from tests.integration.ledger.houses import ASSURANCE, TELECOM, an_event

KEY = SigningKey.made()


async def chained(store, numbers, company=TELECOM, **facts):
    events = [an_event(number, company, **facts) for number in numbers]
    await store.append(Batch("fr", f"{numbers[-1]}-0", events))


async def given_out(store, day):
    await store.given.give(TELECOM, day, KEY, 1)


async def exported(store, **words):
    client = LedgerClient(store)
    pages = [page async for page in client.export(TELECOM, **words)]
    return [line.encode() for line in "".join(pages).splitlines(keepends=True)]


async def kept(store):
    text = (await LedgerClient(store).heads(TELECOM)).text
    return alone.read_kept(text.encode())


async def test_what_is_exported_holds_for_the_verifier_alone(store):
    await chained(store, range(1, 40), comment="mot secret", agent="agent-7")
    await given_out(store, "2026-11-01")
    await chained(store, range(40, 60))
    mine = await kept(store)

    lines = await exported(store)
    report = alone.check(lines, mine)

    assert (report.first, report.last, report.vouched) == (1, 59, 39)
    assert b"secret" not in b"".join(lines)
    assert b"agent-7" not in b"".join(lines)


async def test_an_export_begins_in_the_middle_of_the_chain(store):
    await chained(store, range(1, 40))
    await given_out(store, "2026-11-01")
    await chained(store, range(40, 60))

    report = alone.check(await exported(store, first=40), await kept(store))

    assert (report.first, report.last, report.kept) == (40, 59, 1)


async def test_an_export_is_read_page_by_page_and_ends_where_the_chain_did(store):
    await chained(store, range(1, PAGE + 20))
    client = LedgerClient(store)

    pages = []
    async for page in client.export(TELECOM):
        pages.append(page)
        if len(pages) == 1:
            await chained(store, range(PAGE + 20, PAGE + 40))

    assert [page.count("\n") for page in pages] == [1, PAGE, 19, 1]
    assert json.loads(pages[-1])["end"]["position"] == PAGE + 19


@pytest.mark.parametrize("first", [-1, 0, 4, 99])
async def test_an_export_of_what_is_not_there_is_refused(store, first):
    await chained(store, [1, 2, 3])

    with pytest.raises(NoSuchLinkError):
        await exported(store, first=first)


async def test_an_export_of_no_chain_is_refused(store):
    with pytest.raises(NoSuchLinkError):
        await exported(store)


async def test_a_chain_computed_anew_is_found_by_a_head_that_was_kept(store):
    await chained(store, range(1, 10))
    await given_out(store, "2026-11-01")
    client = LedgerClient(store)
    mine = read((await client.heads(TELECOM)).text)
    assert (await client.verify(TELECOM, [mine])).heads == 1

    await _rewritten(store, range(1, 10))
    by_given = await client.verify(TELECOM)
    await given_out(store, "2026-11-01")
    alone_found = await client.verify(TELECOM)
    by_kept = await client.verify(TELECOM, [mine])

    assert by_given.found is None, "nobody kept the heads that were thrown away"
    assert alone_found.found is None
    assert by_kept.found is not None
    assert by_kept.found.place == "link 9 (changed between 1 and it)"


async def _rewritten(store, numbers):
    """Do what whoever owns the database can do: begin anew, and forget the heads."""
    async with store._writing.begin() as connection:
        for table in ("event", "head", "given_head"):
            await connection.exec_driver_sql(f"DELETE FROM ledger_{table}")
    await chained(store, numbers, reason="forged")


async def test_a_head_that_was_changed_in_the_database_is_found(store):
    await chained(store, range(1, 10))
    await given_out(store, "2026-11-01")
    async with store._writing.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE ledger_given_head SET day='2026-10-31'"
        )

    verdict = await LedgerClient(store).verify(TELECOM)

    assert verdict.found is not None
    assert "2026-10-31" in verdict.found.what


async def test_heads_that_another_ledger_signed_are_no_proof(store):
    await chained(store, range(1, 10))
    await given_out(store, "2026-11-01")
    client = LedgerClient(store)
    text = (await client.heads(TELECOM)).text
    forged = read(text.replace('"position":9', '"position":8'))

    with pytest.raises(HeadsUnusableError, match="2026-11-01"):
        await client.verify(TELECOM, [forged])


async def test_what_another_company_kept_is_not_compared(store):
    await chained(store, range(1, 10))
    await chained(store, range(10, 12), company=ASSURANCE)
    await given_out(store, "2026-11-01")
    client = LedgerClient(store)
    mine = read((await client.heads(TELECOM)).text)

    assert (await client.verify(ASSURANCE, [mine])).heads == 0
