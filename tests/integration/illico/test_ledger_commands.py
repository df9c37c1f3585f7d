"""The ledger's commands on a data folder whose platform does not run."""

import asyncio
import json
import subprocess
import sys

import pytest

from illico import folder
from illico.accounts_door import open_accounts
from ledger.alone import illico_verify
from ledger.client import LedgerClient
from ledger.keys import SigningKey
from ledger.store import Batch, LedgerStore
from tests.integration.illico.terminal import said
from tests.integration.ledger.houses import ASSURANCE, TELECOM, an_event

DAYS = ("2026-11-01", "2026-11-02")


@pytest.fixture
def data(tmp_path):
    """A folder with two chains, and two heads of each."""
    kept = folder.prepare(tmp_path / "data")
    key = SigningKey.made()
    folder.write_private(kept.ledger_key, key.pem())
    asyncio.run(_fill(kept.database_url, key))
    return kept


async def _fill(url, key):
    async with LedgerStore.open(url) as store:
        for day, begin in zip(DAYS, (1, 11), strict=True):
            events = [
                an_event(2 * number + (company == TELECOM), company, agent="agent-7")
                for number in range(begin, begin + 10)
                for company in (TELECOM, ASSURANCE)
            ]
            await store.append(Batch("fr", f"{begin}-0", events))
            for company in (TELECOM, ASSURANCE):
                await store.given.give(company, day, key, 1)


async def test_verify_tells_each_chain_and_how_many_heads_fit(data):
    code, words = await said("ledger", "verify", data=data.path)
    as_json = await said(
        "ledger", "verify", "--company", "telecom", "--json", data=data.path
    )

    assert code == 0
    assert "assurance: 20 links hold" in words
    assert "telecom: 20 links hold" in words
    assert "2 given heads fit" in words
    (line,) = as_json[1].splitlines()
    told = json.loads(line)
    assert (told["company"], told["holds"], told["heads"]) == ("telecom", True, 2)


async def test_a_company_s_kept_heads_find_what_its_export_hides(data, tmp_path):
    _, heads = await said(
        "ledger", "heads", "--company", "telecom", "--json", data=data.path
    )
    _, lines = await said("ledger", "export", "telecom", data=data.path)
    kept, export = tmp_path / "heads.json", tmp_path / "export.jsonl"
    kept.write_text(heads)
    export.write_text(lines)

    whole = await _verified(export, kept)
    first, *_, end = lines.splitlines(keepends=True)
    export.write_text("".join([first, *lines.splitlines(keepends=True)[1:11], end]))
    cut = await _verified(export, kept)

    assert whole == (0, 20)
    assert cut == (1, 11)
    assert "agent-7" not in lines


async def _verified(export, kept):
    """Run the verifier as a company does; its exit code, and the last or the bad link."""
    done = await asyncio.to_thread(
        subprocess.run,
        [
            sys.executable,
            "-I",
            illico_verify.__file__,
            export,
            "--heads",
            kept,
            "--json",
        ],
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )
    told = json.loads(done.stdout)
    return done.returncode, told.get("last", told.get("link"))


async def test_verify_takes_kept_heads_and_refuses_what_is_none(data, tmp_path):
    _, heads = await said("ledger", "heads", "--json", data=data.path)
    kept, no_heads = tmp_path / "heads.json", tmp_path / "other.json"
    kept.write_text(heads)
    no_heads.write_text("{}")

    fits = await said("ledger", "verify", "--heads", str(kept), data=data.path)
    refused = await said("ledger", "verify", "--heads", str(no_heads), data=data.path)
    unknown = await said("ledger", "heads", "--company", "nobody", data=data.path)

    assert fits[0] == 0
    assert (refused[0], "no file of heads" in refused[1]) == (1, True)
    assert (unknown[0], "nobody" in unknown[1]) == (1, True)


async def test_the_end_of_the_chain_is_signed_now_and_a_later_cut_is_found(
    data, tmp_path
):
    _, heads = await said("ledger", "heads", "--json", data=data.path)
    _, lines = await said("ledger", "export", "telecom", data=data.path)
    kept, export = tmp_path / "heads.json", tmp_path / "export.jsonl"
    kept.write_text(heads)
    export.write_text(lines)
    async with LedgerStore.open(data.database_url) as store:
        later = [an_event(98, TELECOM), an_event(99, ASSURANCE)]
        await store.append(Batch("fr", "99-0", later))
    _, hourly = await said("ledger", "heads", "--json", data=data.path)
    kept.write_text(heads + hourly)

    held = await said("ledger", "verify", "--heads", str(kept), data=data.path)
    cut = await _verified(export, kept)

    assert illico_verify.check(lines.encode().splitlines(keepends=True)).signed
    assert held[0] == 0
    assert cut == (1, 21), "no daily head is that young"


async def test_without_its_key_an_export_ends_unsigned(data):
    data.ledger_key.unlink()

    _, lines = await said("ledger", "export", "telecom", data=data.path)
    code, shown = await said("ledger", "heads", data=data.path)

    assert illico_verify.check(lines.encode().splitlines(keepends=True)).signed is None
    assert (code, "not signed" in shown) == (0, True)


async def test_an_export_begins_where_one_asks_and_nowhere_else(data):
    code, lines = await said(
        "ledger", "export", "telecom", "--from", "15", data=data.path
    )
    refused = await said("ledger", "export", "telecom", "--from", "21", data=data.path)

    assert code == 0
    assert len(lines.splitlines()) == 1 + 6 + 1
    assert (refused[0], "no link 21" in refused[1]) == (1, True)


async def test_a_new_key_signs_on_and_the_old_one_announces_it(data):
    old = SigningKey.read(data.ledger_key)

    code, words = await said("ledger", "rotate-key", data=data.path)

    new = SigningKey.read(data.ledger_key)
    assert code == 0
    assert new.id in words
    assert new.id != old.id
    assert await _listed(data) == [old.id, new.id]
    assert [*data.path.glob("*.next.pem")] == []
    assert data.ledger_key.stat().st_mode & 0o077 == 0


async def test_a_change_of_keys_that_was_interrupted_is_ended_by_the_next(data):
    old, new = SigningKey.read(data.ledger_key), SigningKey.made()
    folder.write_private(data.path / "ledger-key.next.pem", new.pem())
    async with LedgerClient.open(data.database_url) as ledger:
        await ledger.rotate(old, new, 2)

    code, _ = await said("ledger", "rotate-key", data=data.path)

    assert code == 0
    assert SigningKey.read(data.ledger_key).id == new.id
    assert await _listed(data) == [old.id, new.id]


async def test_a_lost_key_is_replaced_and_the_new_one_is_believed_when_it_is_named(
    data, tmp_path
):
    _, heads = await said("ledger", "heads", "--json", data=data.path)
    here = await said("ledger", "rotate-key", "--lost", data=data.path, answer="y\n")
    data.ledger_key.write_text("spoilt")
    alone = await said("ledger", "rotate-key", data=data.path)
    lost = await said("ledger", "rotate-key", "--lost", data=data.path, answer="y\n")
    new = SigningKey.read(data.ledger_key)
    async with LedgerStore.open(data.database_url) as store:
        await store.given.give(TELECOM, "2026-11-03", new, 5)

    unasked = await said("ledger", "verify", data=data.path)
    named = await said("ledger", "verify", "--key", new.id, data=data.path)
    _, lines = await said("ledger", "export", "telecom", data=data.path)

    assert (here[0], alone[0], lost[0]) == (1, 1, 0)
    assert (unasked[0], named[0]) == (1, 0)
    assert "is not lost" in here[1]
    assert f"{new.id} signs from now on" in lost[1]
    export = lines.encode().splitlines(keepends=True)
    kept = illico_verify.read_kept(heads.encode())
    with pytest.raises(illico_verify.Fault, match=f"--key {new.id}"):
        illico_verify.check(export, kept)
    assert illico_verify.check(export, kept, named=[new.id]).vouched == 20


async def test_a_call_and_an_agent_are_forgotten_after_a_yes(data):
    people = await _people(data)

    unasked = await said("ledger", "erase", data=data.path)
    no = await said("ledger", "erase", "--call", "c3", data=data.path, answer="n\n")
    yes = await said("ledger", "erase", "--call", "c3", data=data.path, answer="y\n")
    gone = await said(
        "ledger", "erase", "--login", people, data=data.path, answer="y\n"
    )

    assert (unasked[0], no[0], yes[0], gone[0]) == (1, 1, 0, 0)
    assert "Erased from 1 events" in yes[1]
    assert "Erased from 1 events" in gone[1]
    async with LedgerClient.open(data.database_url) as ledger:
        assert (await ledger.verify(TELECOM)).found is None


async def _people(data):
    """Make an agent with one event of the ledger; tell the login."""
    async with open_accounts(data.database_url) as accounts:
        made = await accounts.seed_demo() or ()
        login = next(one.login for one in made if one.role == "agent")
        ids = [one.id for one in await accounts.people() if one.login == login]
    async with LedgerStore.open(data.database_url) as store:
        await store.append(Batch("fr", "99-0", [an_event(99, agent=ids[0])]))
    return login


async def _listed(data):
    async with LedgerClient.open(data.database_url) as ledger:
        return [key.id for key in (await ledger.heads(TELECOM)).keys]


async def _a_service(data):
    """Let a service of a company have a tariff, as an operator does."""
    words = (
        ("add-company", "telecom", "Télécom"),
        ("add-service", "aide", "telecom", "Aide", "--skill", "lsf:2"),
        ("set-tariff", "aide", "0,45", "--offer", "premium", "--fixed", "200"),
    )
    for each in words:
        code, said_words = await said("admin", *each, data=data.path)
        assert code == 0, said_words


async def test_a_tariff_that_the_label_forbids_is_refused_where_it_is_typed(data):
    await _a_service(data)

    too_high = await said("admin", "set-tariff", "aide", "0.61", data=data.path)
    caller = await said(
        *("admin", "set-tariff", "aide", "0.10", "--payer", "caller"), data=data.path
    )
    _, shown = await said("admin", "contracts", data=data.path)

    assert too_high[0] != 0
    assert "at most 0.60 €" in too_high[1]
    assert caller[0] != 0
    assert "the company always pays" in caller[1]
    assert "0.4500 €" in shown
    assert "200.00 €" in shown


async def test_a_month_s_statement_is_written_as_json_and_as_pdf(data, tmp_path):
    pdf = tmp_path / "releve.pdf"

    code, text = await said(
        *("ledger", "statement", "telecom", "2026-10", "--pdf", str(pdf)),
        data=data.path,
    )
    later = await said("ledger", "statement", "telecom", "2099-01", data=data.path)

    assert code == 0
    assert json.loads(text)["statement"]["month"] == "2026-10"
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert later[0] != 0
    assert "is not over" in later[1]


async def test_the_label_and_the_figures_made_anew_are_told(data):
    await _a_service(data)

    _, label = await said("ledger", "label", "telecom", "2026-11", data=data.path)
    code, rebuilt = await said("ledger", "rebuild", data=data.path)

    told = json.loads(label)
    assert (told["company"], told["answered"]["state"]) == ("telecom", "unknown")
    assert code == 0
    assert "telecom: made from 20 links; all were right" in rebuilt
