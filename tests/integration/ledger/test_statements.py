"""Monthly statements: signed, the same for everybody, and checked by the file alone."""

import json
from dataclasses import replace

import pytest

from ledger.alone import illico_verify as alone
from ledger.client import LedgerClient
from ledger.errors import KeyNotCurrentError, MonthNotOverError, NoSuchMonthError
from ledger.keys import SigningKey
from ledger.statement.paper import as_pdf
from tests.integration.ledger.houses import NOW_US, TELECOM
from tests.integration.ledger.test_books import SECOND, chained, told

KEY = SigningKey.made()
MONTH = "2026-11"
AFTER_US = 1_796_100_000 * SECOND  # 1 December 2026
TERMS = {"version": 1, "valid_from_us": 0, "per_minute": 600_000, "fixed_cents": 9_900}


def a_talk(call, begin_s, wait_s=10, talk_s=90):
    seen = begin_s + wait_s
    return [
        told("call_queued", begin_s, call, topic="facture"),
        told("call_accepted", seen, call),
        told("call_answered", seen, call, evidence="presented"),
        told("call_ended", seen + talk_s, call, reason="hung_up"),
    ]


@pytest.fixture
async def ledger(store):
    await chained(store, [told("terms_set", 0, None, **TERMS), *a_talk("c1", 1)])
    await store.given.give(TELECOM, "2026-12-01", KEY, NOW_US)
    return LedgerClient(store)


async def issued(ledger, month=MONTH, now_us=AFTER_US, key=KEY):
    return await ledger.statement(TELECOM, month, key, now_us)


async def checked(ledger, text, tmp_path):
    """Run the file that a company runs, on its export, its heads and its statement."""
    files = {name: tmp_path / name for name in ("export", "heads", "statement")}
    pages = [page async for page in ledger.export(TELECOM)]
    files["export"].write_text("".join(pages))
    files["heads"].write_text((await ledger.heads(TELECOM)).text)
    files["statement"].write_text(text)
    words = ["--heads", files["heads"], "--statement", files["statement"]]
    return alone.main([str(word) for word in (files["export"], *words)])


async def test_a_statement_says_the_figures_the_lines_and_where_the_chain_stood(
    ledger, store
):
    written = (await issued(ledger)).statement

    assert (written.version, written.position) == (1, 5)
    assert written.digest == (await store.head(TELECOM)).digest.hex()
    assert (written.report.level.part, written.report.level.whole) == (1, 1)
    assert [(line.seconds, line.cents) for line in written.invoice.usage] == [(90, 90)]
    assert written.invoice.cents == 9_990
    assert written.terms["a"].per_minute == 600_000
    assert [head.day for head in written.heads] == ["2026-12-01"]


async def test_a_company_checks_its_statement_with_the_file_alone(
    ledger, store, tmp_path, capsys
):
    signed = await issued(ledger)
    await chained(store, a_talk("c2", 9_000_000))

    assert await checked(ledger, signed.text, tmp_path) == 0
    assert "the statement of 2026-11 says what they say" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("right", "wrong"), [('"cents":90', '"cents":91'), ('"in_time":1', '"in_time":2')]
)
async def test_a_statement_that_was_changed_is_found(
    ledger, tmp_path, capsys, right, wrong
):
    text = (await issued(ledger)).text
    assert right in text

    assert await checked(ledger, text.replace(right, wrong), tmp_path) == 1
    assert "not signed" in capsys.readouterr().out


async def test_a_statement_that_we_signed_and_the_links_contradict_is_found(
    ledger, tmp_path, capsys
):
    facts = json.loads((await issued(ledger)).text)
    facts["statement"]["invoice"]["cents"] += 1
    words = alone.STATEMENT + alone.canonical(facts["statement"]).encode()
    facts["signature"] = KEY.sign(words).hex()

    assert await checked(ledger, alone.canonical(facts) + "\n", tmp_path) == 1
    assert "says another invoice than the links" in capsys.readouterr().out


async def test_what_is_chained_later_makes_another_version_and_nothing_else_does(
    ledger, store
):
    first = await issued(ledger)
    await chained(store, a_talk("next", 9_000_000))  # in another month

    again = await issued(ledger, now_us=AFTER_US + SECOND)
    assert again.text == first.text
    await chained(store, [told("call_queued", 100, "late")])
    second = await issued(ledger)

    assert (first.statement.version, second.statement.version) == (1, 2)
    assert second.statement.report.counters.offered == 2
    assert (await issued(ledger)).text == second.text


async def test_a_month_that_lasts_has_no_statement(ledger):
    with pytest.raises(MonthNotOverError):
        await issued(ledger, now_us=NOW_US)
    for word in ("2026-13", "2026-1", "x", "2026-11-01"):
        with pytest.raises(NoSuchMonthError):
            await issued(ledger, month=word)


async def test_a_key_that_nobody_announced_signs_no_statement(ledger):
    with pytest.raises(KeyNotCurrentError):
        await issued(ledger, key=SigningKey.made())


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_the_pdf_is_tagged_carries_the_json_and_is_the_same_each_time(
    ledger, language
):
    signed = await issued(ledger)

    paper = as_pdf(signed, language)

    assert paper.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in paper
    assert b"/EmbeddedFile" in paper
    assert f"/Lang({language})".encode() in paper.replace(b"/Lang (", b"/Lang(")
    assert as_pdf(signed, language) == paper


async def test_a_name_that_looks_like_markup_is_a_name(store):
    service = '#panic("x") @y $z$ <w>'
    talk = [replace(each, service=service) for each in a_talk("c1", 1)]
    await chained(store, talk)

    signed = await issued(LedgerClient(store))

    assert signed.statement.services[0].service == service
    assert as_pdf(signed).startswith(b"%PDF-")
