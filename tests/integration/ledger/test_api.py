"""The interface for programs: keys, pages of lines, ETags, and one company's bytes only."""

import asyncio
import json
import re
import uuid
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from accounts.client import AccountsClient
from accounts.model import CompanyId as AccountsCompanyId
from accounts.model import Scope
from ledger.api.asking import Form
from ledger.api.operations import OPERATIONS, ROOT
from ledger.app import create_app
from tests.integration.ledger.houses import a_finished_call, until
from tests.integration.ledger.test_portal import (
    Portal,
    company_of,
    house,
    portal,
)

__all__ = ["Portal", "house", "portal"]

PROBLEM = "application/problem+json"


class Program:
    """Somebody's script, with a key or without."""

    def __init__(self, session, key=None):
        self._session = session
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    async def get(self, path, **more):
        headers = self._headers | more.pop("headers", {})
        method = more.pop("method", "GET")
        return await self._session.request(method, path, headers=headers, **more)

    async def read(self, path, **query):
        async with await self.get(ROOT + path, params=query) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def refused(self, path, **query):
        async with await self.get(ROOT + path, params=query) as answer:
            assert answer.content_type == PROBLEM
            facts = json.loads(await answer.read())
            assert sorted(facts) == ["code", "status", "title", "type"]
            assert facts["status"] == answer.status
            return answer.status, facts["code"]


@pytest.fixture
async def web(portal):
    async with aiohttp.ClientSession(portal.url) as session:
        yield session


@pytest.fixture
async def keys(portal, tmp_path):
    """Make keys as an operator would, from the same database."""
    url = f"sqlite+aiosqlite:///{tmp_path}/illico.sqlite3"
    async with AccountsClient.open(url) as accounts:

        async def make(company, *scopes):
            return await accounts.add_api_key(
                company=AccountsCompanyId(company),
                name="Script",
                scopes=scopes or tuple(Scope),
            )

        make.accounts = accounts  # type: ignore[attr-defined]
        yield make


@pytest.fixture
async def mine(web, keys):
    return Program(web, (await keys("telecom")).secret)


@pytest.fixture
async def theirs(web, keys):
    return Program(web, (await keys("assurance")).secret)


def values():
    """Today in Paris, which another day may have become since the tests began."""
    today = datetime.now(ZoneInfo("Europe/Paris")).date().isoformat()
    return {"date": today, "month": today[:7]}


def address(operation):
    return operation.path.format(**values())


def query(operation):
    known = set(operation.params.__struct_fields__)
    in_path = set(re.findall(r"{(\w+)}", operation.path))
    return {k: v for k, v in values().items() if k in known - in_path}


async def a_call(queue, program, call, company="telecom"):
    await a_finished_call(queue, call, f"{company}-demo")

    async def is_counted():
        found = await program.read("/calls", date=values()["date"])
        return call in [row["call"] for row in found["calls"]]

    await until(is_counted)


async def test_a_key_of_one_company_reads_no_byte_of_another(
    queue, mine, theirs, web, portal
):
    secret = f"secret-{uuid.uuid4().hex}"
    await a_call(queue, theirs, secret, "assurance")
    await a_call(queue, mine, "call-of-mine")

    for operation in OPERATIONS:
        path, asked = address(operation), query(operation)
        async with await theirs.get(ROOT + path, params=asked) as answer:
            assert answer.status == 200
        async with await mine.get(ROOT + path, params=asked) as answer:
            assert answer.status == 200, (operation.name, await answer.text())
            told = await answer.text() + str(answer.headers)
            assert secret not in told, operation.name
            assert "assurance" not in told.lower(), operation.name
        more = {"service": "assurance-demo"}
        async with await mine.get(ROOT + path, params=asked | more) as answer:
            told = await answer.text()
            assert secret not in told
            counters = json.loads(told).get("counters", {}) if asked else {}
            assert not any(counters.values())


def every_address(rooms, **names):
    """All that the portal's process answers: method, path, and what it is asked."""
    named = values() | names
    queries = {ROOT + one.path: query(one) for one in OPERATIONS}
    for route in create_app(rooms).router.routes():
        assert route.resource is not None
        path = route.resource.canonical
        parts = re.split(r"{(\w+)}", path)
        parts[1::2] = [named.get(name, "x") for name in parts[1::2]]
        yield route.method, "".join(parts), queries.get(path, {})


async def told_by(program, method, path, asked):
    """Everything that an address says, of a stream what it begins with."""
    async with await program.get(path, method=method, params=asked) as answer:
        streams = answer.content_type == "text/event-stream"
        body = answer.content.readany() if streams else answer.read()
        told = await asyncio.wait_for(body, 5)
        return answer.status, told.decode(errors="replace") + str(answer.headers)


@pytest.mark.parametrize("by", ["key", "session"])
async def test_no_address_at_all_tells_one_company_of_another(
    queue, web, keys, portal, by
):
    secret, theirs = f"secret-{uuid.uuid4().hex}", await keys("assurance")
    mine = Program(web, (await keys("telecom")).secret)
    await a_call(queue, Program(web, theirs.secret), secret, "assurance")
    async with portal.viewer() as session:
        assert await company_of(session) == "telecom"
        program = mine if by == "key" else Program(session)
        answered: Counter[int] = Counter()
        told = []
        for method, path, asked in every_address(portal.rooms, key=theirs.key.id):
            if path == "/api/sign-out":
                continue  # the session would be over
            for more in ({}, {"company": "assurance"}, {"service": "assurance-demo"}):
                status, text = await told_by(program, method, path, asked | more)
                answered[status // 100] += 1
                if secret in text or theirs.key.begins in text:
                    told.append((method, path, more))

    assert told == []
    assert 5 not in answered
    assert answered[2] > 30
    assert [key.revoked_at for key in await keys.accounts.api_keys("assurance")] == [
        None
    ]


async def test_every_address_asks_for_a_key_and_refuses_in_one_shape(web, portal):
    nobody, stranger = Program(web), Program(web, "illico_made-up")
    for operation in OPERATIONS:
        for program in (nobody, stranger):
            refused = await program.refused(address(operation), **query(operation))
            assert refused == (401, "no_key")


async def test_a_key_opens_what_its_scopes_say_and_nothing_else(web, keys, portal):
    for scope in Scope:
        program = Program(web, (await keys("telecom", scope)).secret)
        for operation in OPERATIONS:
            asked = address(operation), query(operation)
            if operation.scope in {None, scope}:
                async with await program.get(ROOT + asked[0], params=asked[1]) as got:
                    assert got.status in {200, 404}
            else:
                refused = await program.refused(asked[0], **asked[1])
                assert refused == (403, "no_scope")


async def test_a_revoked_key_opens_nothing_any_more(web, keys, portal):
    made = await keys("telecom")
    program = Program(web, made.secret)
    assert (await program.read("/me"))["company"] == "telecom"

    await keys.accounts.revoke_api_key(company=made.key.company, key=made.key.id)

    assert await program.refused("/me") == (401, "no_key")


Asked = tuple[str, dict[str, str], tuple[int, str]]

REFUSED: tuple[Asked, ...] = (
    ("/days/tomorrow", {}, (400, "bad_request")),
    ("/days/2026-02-30", {}, (400, "bad_request")),
    ("/days/9999-12-31", {}, (404, "no_such_day")),
    ("/days/0001-01-01", {}, (404, "no_such_day")),
    ("/months/2026-13", {}, (400, "bad_request")),
    ("/months/2099-12", {}, (404, "no_such_day")),
    ("/calls", {}, (400, "bad_request")),
    ("/calls", {"date": "2026-11-01", "limit": "0"}, (400, "bad_request")),
    ("/calls", {"date": "2026-11-01", "limit": "x"}, (400, "bad_request")),
    ("/calls", {"date": "2026-11-01", "cursor": "'"}, (400, "bad_request")),
    ("/calls", {"date": "2026-11-01", "company": "x"}, (400, "bad_request")),
    ("/export", {"first": "7"}, (404, "no_such_link")),
    ("/nothing", {}, (404, "not_found")),
)


async def test_what_cannot_be_answered_is_a_problem_in_json(mine):
    for path, asked, wanted in REFUSED:
        assert await mine.refused(path, **asked) == wanted, (path, asked)


async def test_only_reading_is_answered(web, mine, portal):
    async with web.post(f"{ROOT}/me") as answer:
        assert (answer.status, answer.content_type) == (405, PROBLEM)
        assert "GET" in answer.headers["Allow"]


async def test_the_head_of_every_answer_can_be_asked_for_alone(queue, mine):
    await a_call(queue, mine, "call-1")
    for operation in OPERATIONS:
        path, asked = ROOT + address(operation), query(operation)
        async with await mine.get(path, params=asked, method="HEAD") as answer:
            assert (answer.status, await answer.read()) == (200, b""), operation.name
        assert await mine.read("/me")  # the connection is still of use


async def test_lines_come_page_by_page_each_once(queue, mine):
    for number in range(5):
        await a_call(queue, mine, f"call-{number}")

    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await mine.read("/calls", date=values()["date"], limit=2, **cursor)
        assert page["total"] == 5
        seen += [row["call"] for row in page["calls"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}

    assert seen == [f"call-{number}" for number in (4, 3, 2, 1, 0)]


async def test_what_did_not_change_is_not_sent_again(queue, mine):
    path = f"{ROOT}/months/{values()['month']}"
    tags = [""]

    async def is_known():
        async with await mine.get(path) as first:
            tags.append(first.headers["ETag"])
            assert first.headers["Cache-Control"] == "private, no-cache"
        async with await mine.get(path, headers={"If-None-Match": tags[-1]}) as again:
            return (again.status, await again.read()) == (304, b"")

    await until(is_known)  # whatever the start still chains
    await a_call(queue, mine, "call-1")

    async with await mine.get(path, headers={"If-None-Match": tags[-1]}) as changed:
        assert changed.status == 200
        assert (await changed.json())["counters"]["answered"] == 1


async def test_a_month_a_day_and_its_half_hours_say_the_same(queue, mine):
    await a_call(queue, mine, "call-1")

    month = await mine.read(f"/months/{values()['month']}")
    day = await mine.read(f"/days/{values()['date']}")
    halves = await mine.read(f"/days/{values()['date']}/half-hours")
    week = await mine.read(f"/months/{values()['month']}/week")
    waits = await mine.read(f"/months/{values()['month']}/waits")

    assert month["level"] == {"part": 1, "whole": 1, "shown": 10_000}
    assert day["figures"]["in_time"] == 1
    assert [half["level"]["part"] for half in halves["half_hours"]] == [1]
    assert sum(cell["offered"] for row in week["week"] for cell in row) == 1
    assert [one["waits"]["count"] for one in waits["days"]] == [1]


async def test_an_export_is_the_chain_that_the_head_names(queue, mine):
    await a_call(queue, mine, "call-1")

    heads = await mine.read("/heads")
    async with await mine.get(f"{ROOT}/export") as answer:
        assert answer.content_type == Form.LINES
        lines = [json.loads(line) for line in (await answer.text()).splitlines()]

    assert lines[0]["company"] == "telecom"
    assert lines[-1]["end"] == heads["end"]


async def test_the_openapi_file_names_every_operation_and_needs_no_key(web, portal):
    async with web.get(f"{ROOT}/openapi.json") as answer:
        facts = await answer.json()

    assert facts["openapi"] == "3.1.0"
    assert {path: [*each] for path, each in facts["paths"].items()} == {
        one.path: ["get"] for one in OPERATIONS
    }


async def test_a_viewer_makes_a_key_sees_it_once_and_revokes_it(portal, web):
    async with portal.viewer() as session:
        company = (await (await session.get("/api/me")).json())["services"][0]["id"]
        origin = {"Origin": portal.url}
        wish = {"name": "Tableau", "scopes": ["figures"]}
        made = await (await session.post("/api/keys", json=wish, headers=origin)).json()
        secret, key = made["secret"], made["keys"][0]
        listed = await (await session.get("/api/keys")).json()
        program = Program(web, secret)
        assert company.startswith((await program.read("/me"))["company"])

        await session.post(f"/api/keys/{key['id']}/revoke", headers=origin)

        assert await program.refused("/me") == (401, "no_key")
    assert secret.startswith(key["begins"])
    assert listed == {"keys": [key], "secret": None}


async def test_another_company_cannot_revoke_a_key(portal, web, keys):
    made = await keys("assurance")
    async with portal.viewer(0) as session:
        if (await (await session.get("/api/me")).json())["services"][0]["id"] == (
            "assurance-demo"
        ):
            made = await keys("telecom")
        answer = await session.post(
            f"/api/keys/{made.key.id}/revoke", headers={"Origin": portal.url}
        )

    assert answer.status == 404
    assert await Program(web, made.secret).read("/me")


WISHES = (
    {"name": "x", "scopes": []},
    {"name": "", "scopes": ["calls"]},
    {"name": "x", "scopes": ["everything"]},
    {"name": "x"},
)


async def test_a_key_without_name_or_scope_is_not_made(portal):
    async with portal.viewer() as session:
        for wish in WISHES:
            answer = await session.post(
                "/api/keys", json=wish, headers={"Origin": portal.url}
            )
            assert answer.status == 400, wish

        assert (await (await session.get("/api/keys")).json())["keys"] == []


async def test_a_form_of_another_site_makes_no_key(portal):
    async with portal.viewer() as session:
        answer = await session.post(
            "/api/keys",
            json={"name": "x", "scopes": ["calls"]},
            headers={"Origin": "https://elsewhere.example"},
        )

    assert answer.status == 403
