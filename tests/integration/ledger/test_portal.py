"""The portal: a real sign-in, a company's own day, and nobody else's."""

import asyncio
import json
import shutil
import uuid
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from accounts.client import AccountsClient
from ledger.app import serve
from ledger.settings import Settings
from tests.integration.ledger.houses import (
    a_finished_call,
    environment,
    free_port,
    until,
)


def today():
    return datetime.now(ZoneInfo("Europe/Paris")).date()


ADDRESSES = ("/api/me", "/api/day", "/api/day/events")


class Portal:
    """A served portal with two companies, each with a viewer."""

    def __init__(self, url, rooms, viewers, others):
        self.url = url
        self.rooms = rooms
        self.viewers = viewers
        self.others = others

    @asynccontextmanager
    async def browser(self):
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(self.url, cookie_jar=jar) as session:
            yield session

    async def sign_in(self, session, account, password=None, origin=None):
        return await session.post(
            "/api/sign-in",
            json={"login": account.login, "password": password or account.password},
            headers={"Origin": origin or self.url},
        )

    @asynccontextmanager
    async def viewer(self, number=0):
        async with self.browser() as session:
            answer = await self.sign_in(session, self.viewers[number])
            assert answer.status == 200
            yield session


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A database with people in it, and who they are; passwords take a while."""
    path = tmp_path_factory.mktemp("house") / "illico.sqlite3"

    async def seed():
        async with AccountsClient.open(f"sqlite+aiosqlite:///{path}") as accounts:
            return await accounts.seed_demo()

    return path, asyncio.run(seed())


@pytest.fixture
async def portal(server, queue, house, tmp_path, monkeypatch):
    monkeypatch.setattr("ledger.live.SESSION_EVERY_S", 0.05)
    seeded, demo = house
    path = shutil.copy(seeded, tmp_path / "illico.sqlite3")
    port = free_port()
    words = environment(server, f"sqlite+aiosqlite:///{path}", port)
    settings = Settings.model_validate(words)
    async with serve(settings) as rooms:
        yield Portal(
            f"http://127.0.0.1:{port}",
            rooms,
            [one for one in demo if one.role == "viewer"],
            [one for one in demo if one.role != "viewer"],
        )


async def day_of(session, **query):
    async with session.get("/api/day", params=query) as answer:
        assert answer.status == 200
        return await answer.json()


async def company_of(session):
    return (await day_of(session))["company"]


async def has_calls(session, count):
    async def claim():
        return (await day_of(session))["figures"]["answered"] == count

    await until(claim)


async def refusal(answer):
    async with answer:
        body = await answer.json()
        assert sorted(body) == ["code", "text"]
        return answer.status, body["code"]


async def test_a_viewer_signs_in_and_sees_the_companys_day(portal, queue):
    async with portal.viewer() as session:
        company = await company_of(session)
        service = f"{company}-demo"
        await a_finished_call(queue, "call-1", service)

        await has_calls(session, 1)
        sheet = await day_of(session)

    assert sheet["figures"]["in_time"] == 1
    assert sheet["calls"][0]["call"] == "call-1"
    assert sheet["calls"][0]["evidence"] == "presented"
    assert sheet["calls"][0]["browser_ms"] == 812
    assert "agent-1" not in json.dumps(sheet)


async def test_a_company_never_sees_another_ones_day(portal, queue):
    secret = f"call-{uuid.uuid4().hex}"
    async with portal.viewer(0) as one, portal.viewer(1) as two:
        mine, theirs = await company_of(one), await company_of(two)
        assert mine != theirs
        service = f"{theirs}-demo"
        await a_finished_call(queue, secret, service)
        await has_calls(two, 1)

        for query in (
            {},
            {"company": theirs},
            {"service": service},
            {"date": today().isoformat(), "company": theirs},
        ):
            sheet = await day_of(one, **query)
            assert sheet["company"] == mine
            assert secret not in json.dumps(sheet)
            assert sheet["figures"]["offered"] == 0
        async with one.get("/api/me") as answer:
            assert service not in [s["id"] for s in (await answer.json())["services"]]
        async with one.get("/api/day/events", params={"company": theirs}) as stream:
            first = await read_event(stream)
            assert first["company"] == mine
            assert secret not in json.dumps(first)


async def read_event(stream):
    """Read the next pushed day."""
    async with asyncio.timeout(20):
        async for line in stream.content:
            if line.startswith(b"data: "):
                return json.loads(line[6:])
    raise AssertionError("the stream ended")


async def test_a_change_is_pushed_within_a_second(portal, queue):
    async with (
        portal.viewer() as session,
        session.get("/api/day/events") as stream,
    ):
        assert stream.headers["Content-Type"] == "text/event-stream"
        before = await read_event(stream)
        company = before["company"]
        service = f"{company}-demo"

        await a_finished_call(queue, "call-1", service)

        async with asyncio.timeout(5):
            while (await read_event(stream))["figures"]["answered"] == 0:
                pass


async def test_the_stream_ends_when_the_session_does(portal):
    async with portal.viewer() as session, session.get("/api/day/events") as stream:
        await read_event(stream)
        out = await session.post("/api/sign-out", headers={"Origin": portal.url})
        assert out.status == 200

        async with asyncio.timeout(10):
            rest = await stream.content.read()

    assert b"event: signed_out" in rest


@pytest.mark.parametrize("address", ADDRESSES)
async def test_without_a_session_there_is_nothing_to_see(portal, address):
    async with portal.browser() as session:
        session.cookie_jar.update_cookies({"illico_portal": "made-up"})

        answer = await refusal(await session.get(address))

    assert answer == (401, "not_signed_in")


async def test_signing_out_ends_the_session(portal):
    async with portal.viewer() as session:
        (cookie,) = session.cookie_jar
        await session.post("/api/sign-out", headers={"Origin": portal.url})

        session.cookie_jar.update_cookies({"illico_portal": cookie.value})
        answer = await refusal(await session.get("/api/day"))

    assert answer == (401, "not_signed_in")


async def test_the_cookie_is_out_of_the_pages_reach(portal):
    async with portal.browser() as session:
        answer = await portal.sign_in(session, portal.viewers[0])

    cookie = answer.cookies["illico_portal"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert not cookie["secure"]
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_wrong_password_opens_nothing(portal):
    async with portal.browser() as session:
        answer = await portal.sign_in(session, portal.viewers[0], password="no")

        assert await refusal(answer) == (401, "bad_credentials")
        assert not session.cookie_jar


async def test_an_agent_has_no_way_in(portal):
    agents = [one for one in portal.others if one.role == "agent"]
    async with portal.browser() as session:
        answer = await portal.sign_in(session, agents[0])

        assert await refusal(answer) == (401, "bad_credentials")


@pytest.mark.parametrize("address", ["/api/sign-in", "/api/sign-out"])
@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", None])
async def test_a_form_of_another_site_is_refused(portal, address, origin):
    async with portal.viewer() as session:
        headers = {"Origin": origin} if origin else {}
        body = {"login": "x", "password": "y"}

        answer = await session.post(address, json=body, headers=headers)

        assert await refusal(answer) == (403, "foreign_origin")
        assert await company_of(session)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"login": 7, "password": "x"}', b'{"login": "x"}'],
)
async def test_a_form_that_is_none_is_refused(portal, body):
    async with portal.browser() as session:
        headers = {"Origin": portal.url}

        answer = await session.post("/api/sign-in", data=body, headers=headers)

        assert await refusal(answer) == (400, "bad_request")


@pytest.mark.parametrize(
    "asked",
    [
        "tomorrow",
        "2026-02-30",
        "20261122",
        "1999-12-31",
        "2026-1-1",
        (today() + timedelta(days=3)).isoformat(),
        "' OR 1=1 --",
    ],
)
async def test_a_date_that_is_none_is_refused(portal, asked):
    async with portal.viewer() as session:
        answer = await session.get("/api/day", params={"date": asked})

        assert await refusal(answer) == (400, "bad_request")


async def test_a_past_day_without_calls_is_an_empty_sheet(portal):
    async with portal.viewer() as session:
        sheet = await day_of(session, date="2026-01-01")

    assert (sheet["calls"], sheet["is_today"]) == ([], False)


@pytest.mark.parametrize(
    "address",
    [
        "/assets/sla_portal/nothing.js",
        "/assets/signaling/browser/../settings.py",
        "/assets/signaling/browser/%2e%2e/settings.py",
        "/assets/signaling/browser/..%2f..%2fledger%2fsettings.py",
        "/assets/sla_portal/index.html",
        "/assets/ledger/settings.py",
        "/nothing",
    ],
)
async def test_only_the_pages_own_files_are_served(portal, address):
    async with portal.browser() as session, session.get(address) as answer:
        assert answer.status == 404
        assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize(
    "address", ["/", "/assets/sla_portal/main.js", "/assets/signaling/browser/base.css"]
)
async def test_every_file_comes_with_the_security_headers(portal, address):
    async with portal.browser() as session, session.get(address) as answer:
        assert answer.status == 200
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_health_says_whether_events_are_chained(portal):
    async with portal.browser() as session, session.get("/healthz") as answer:
        assert await answer.json() == {"chaining": "ok"}
