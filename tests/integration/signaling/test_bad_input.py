"""Every byte from outside is hostile: each wrong one gets its code and costs nobody."""

import asyncio
import contextlib
import json

import aiohttp
import pytest

from signaling.tickets import TicketClaims, sign
from tests.integration.signaling.pages import (
    a_caller,
    a_socket,
    an_agent,
    request,
)

SOUND_ONLY = "\r\n".join(
    (
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE 0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "c=IN IP4 0.0.0.0",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:abcdefghijklmnopqrstuvwx",
        "a=fingerprint:sha-256 " + ":".join(["AB"] * 32),
        "a=setup:actpass",
        "a=mid:0",
        "a=sendrecv",
        "a=rtcp-mux",
        "a=rtpmap:111 opus/48000/2",
        "",
    )
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_socket_that_speaks_before_hello_is_told_and_closed(platform):
    async with a_socket(platform.url()) as page:
        await page.say("ping", n=1)

        assert (await page.hear("problem"))["code"] == "hello_first"
        assert await page.closed() == 4400


async def test_a_page_of_another_age_is_told_to_reload(platform):
    async with a_socket(platform.url()) as page:
        await page.say("hello", versions=[99])

        assert (await page.hear("problem"))["code"] == "unsupported_version"


@pytest.mark.parametrize(
    "wrong",
    [
        "{",
        "[]",
        '{"type":"jion"}',
        '{"type":"hello","versions":[1]}',
        '{"type":"text","call":"c","chars":"x","more":1}',
        '{"type":"call_request","request":"short","service":"telecom-demo"}',
        "\x00",
    ],
)
async def test_what_is_no_message_ends_the_socket_with_its_code(platform, wrong):
    async with a_caller(platform.url()) as page:
        await page.socket.send_str(wrong)

        assert (await page.hear("problem"))["code"] == "bad_message"
        assert await page.closed() == 4400


async def test_bytes_instead_of_text_end_the_socket(platform):
    async with a_caller(platform.url()) as page:
        await page.socket.send_bytes(b"\x00\x01")

        assert (await page.hear("problem"))["code"] == "bad_message"


async def test_a_message_of_one_megabyte_ends_the_socket_with_1009(platform):
    async with a_caller(platform.url()) as page:
        with contextlib.suppress(ConnectionError):  # it may be cut while we send
            await page.socket.send_str("x" * 1_000_000)

        assert await page.closed() == 1009


async def test_more_messages_than_a_person_types_end_the_socket(platform):
    async with a_caller(platform.url()) as page:
        for n in range(400):
            await page.socket.send_str(json.dumps({"type": "ping", "n": n}))

        assert await page.closed() == 4429
        assert page.heard[-1]["code"] == "too_fast"


async def test_calls_in_a_loop_end_the_socket(platform):
    async with a_caller(platform.url()) as page:
        for _ in range(5):
            ticket = await page.call()
            await page.say("hang_up", call=ticket["call"])
            await page.hear("ended")
        await page.say(
            "call_request",
            request=request(),
            service="telecom-demo",
            mode="text",
            eye=False,
        )

        assert (await page.hear("problem"))["code"] == "too_fast"
        assert await page.closed() == 4429


async def test_a_caller_cannot_act_as_an_agent(platform):
    async with a_caller(platform.url()) as page:
        await page.say("accept", request=request(), call="c", token=1)

        assert (await page.hear("problem"))["code"] == "not_for_you"


async def test_an_unknown_service_is_refused_and_the_socket_stays(platform):
    async with a_caller(platform.url()) as page:
        await page.say(
            "call_request", request=request(), service="nobody", mode="text", eye=False
        )

        assert (await page.hear("problem"))["code"] == "unknown_service"
        await page.say("ping", n=7)
        assert (await page.hear("pong"))["n"] == 7


async def test_an_unknown_topic_is_refused(platform):
    async with a_caller(platform.url()) as page:
        await page.say(
            "call_request",
            request=request(),
            service="telecom-demo",
            mode="text",
            eye=False,
            topic="gardening",
        )

        assert (await page.hear("problem"))["code"] == "unknown_topic"


async def test_a_forged_ticket_is_refused(platform):
    forged = sign(TicketClaims(call="c", service="s", t0=0.0), secret="x" * 32)
    async with a_caller(platform.url()) as page:
        await page.say("resume", request=request(), ticket=forged)

        assert (await page.hear("problem"))["code"] == "bad_ticket"


async def test_a_ticket_of_an_ended_call_resumes_nothing(platform):
    async with a_caller(platform.url()) as page:
        ticket = await page.call()
        await page.say("hang_up", call=ticket["call"])
        await page.hear("ended")

    async with a_caller(platform.url(2)) as page:
        await page.say("resume", request=request(), ticket=ticket["ticket"])
        assert (await page.hear("problem"))["code"] == "ended_call"


async def test_words_about_somebody_elses_call_are_refused(platform):
    async with a_caller(platform.url()) as one, a_caller(platform.url()) as other:
        ticket = await one.call()
        await other.say("hang_up", call=ticket["call"])

        assert (await other.hear("problem"))["code"] == "unknown_call"
        await one.say("hang_up", call=ticket["call"])
        assert (await one.hear("ended"))["reason"] in {"abandoned", "no_one_there"}


@pytest.mark.parametrize(
    ("sdp", "code"),
    [
        ("this is no SDP", "bad_sdp"),
        (SOUND_ONLY, "no_video"),
    ],
)
async def test_an_offer_that_cannot_be_answered_is_refused(platform, sdp, code):
    async with a_caller(platform.url()) as page:
        ticket = await page.call(mode="video")
        await page.say("leg_offer", call=ticket["call"], leg="leg-00001", sdp=sdp)

        assert (await page.hear("problem"))["code"] == code
        await page.say("hang_up", call=ticket["call"])
        await page.hear("ended")


async def test_a_second_call_on_one_socket_is_refused(platform):
    async with a_caller(platform.url()) as page:
        ticket = await page.call()
        await page.say(
            "call_request",
            request=request(),
            service="telecom-demo",
            mode="text",
            eye=False,
        )

        assert (await page.hear("problem"))["code"] == "already_in_call"
        await page.say("hang_up", call=ticket["call"])
        await page.hear("ended")


async def test_a_request_sent_twice_is_one_call(platform):
    same = {
        "request": request(),
        "service": "telecom-demo",
        "mode": "text",
        "eye": False,
    }
    async with a_caller(platform.url()) as one, a_caller(platform.url(2)) as other:
        await one.say("call_request", **same)
        first = await one.hear("ticket")
        await other.say("call_request", **same)
        second = await other.hear("ticket")

        assert first["call"] == second["call"]
        await other.say("hang_up", call=second["call"])


async def test_a_socket_from_another_site_is_refused(platform):
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with a_socket(platform.url(), headers={"Origin": "https://evil.test"}):
            pass

    assert refused.value.status == 400


async def test_a_console_without_a_session_is_refused(platform):
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with a_socket(platform.url(), "/ws/agent"):
            pass

    assert refused.value.status == 401


@pytest.mark.parametrize("body", ["", "{", "[]", '{"login":"agent1"}'])
async def test_a_sign_in_that_is_no_form_is_refused(platform, body):
    async with aiohttp.ClientSession() as http:
        answer = await http.post(
            f"{platform.url()}/agent/sign-in",
            data=body,
            headers={"Origin": platform.url()},
        )

        assert answer.status == 400
        assert (await answer.json())["code"] == "bad_request"


async def test_a_wrong_password_opens_nothing(platform):
    async with aiohttp.ClientSession() as http:
        answer = await http.post(
            f"{platform.url()}/agent/sign-in",
            json={"login": "agent1", "password": "wrong"},
            headers={"Origin": platform.url()},
        )

        assert answer.status == 401
        assert (await answer.json())["code"] == "bad_credentials"
        assert "illico_agent" not in answer.cookies


async def test_a_password_of_the_portal_does_not_open_the_console(platform):
    viewer = platform.accounts["telecom"]
    async with aiohttp.ClientSession() as http:
        answer = await http.post(
            f"{platform.url()}/agent/sign-in",
            json={"login": viewer.login, "password": viewer.password},
            headers={"Origin": platform.url()},
        )

        assert answer.status == 401


async def test_a_supervisor_hears_that_the_page_comes_later(platform):
    supervisor = platform.accounts["superviseur"]
    async with aiohttp.ClientSession() as http:
        answer = await http.post(
            f"{platform.url()}/agent/sign-in",
            json={"login": supervisor.login, "password": supervisor.password},
            headers={"Origin": platform.url()},
        )

        assert answer.status == 403
        assert (await answer.json())["code"] == "no_console"
        assert "illico_agent" not in answer.cookies


async def test_a_socket_without_hello_is_closed(platform):
    async with a_socket(platform.url()) as page:
        assert (await page.hear("problem"))["code"] == "hello_timeout"
        assert await page.closed() == 4408


async def test_a_page_that_does_not_read_is_disconnected(platform):
    login = platform.accounts["agent1"]
    async with (
        an_agent(platform.url(2), login.login, login.password) as agent,
        a_caller(platform.url()) as caller,
    ):
        await agent.ready()
        ticket = await caller.call()
        await agent.take()
        await caller.hear("connecting")
        caller.socket._response.connection.transport.pause_reading()
        words = "x" * 500

        async def flood():
            """Write until the caller, who reads nothing, is gone."""
            while True:
                await agent.say("text", call=ticket["call"], chars=words)
                await asyncio.sleep(0.03)  # as fast as a page may

        async def is_missed():
            while (await agent.hear("peer", within=40))["presence"] != "reconnecting":
                pass

        flooding = asyncio.ensure_future(flood())
        try:
            await is_missed()
        finally:
            flooding.cancel()
        await agent.say("hang_up", call=ticket["call"])
        await agent.hear("ended")


@pytest.mark.parametrize(
    "path", ["/no-such-service", "/", "/a/b", "/lsf/..%2f..%2fx.webm"]
)
async def test_an_unknown_address_is_a_clear_404(platform, path):
    async with aiohttp.ClientSession() as http:
        answer = await http.get(platform.url() + path)

        assert answer.status == 404
        assert "Content-Security-Policy" in answer.headers
        assert 'lang="fr"' in await answer.text()


@pytest.mark.parametrize("path", ["/telecom-demo/", "/agent/"])
async def test_a_slash_too_many_leads_to_the_page(platform, path):
    async with aiohttp.ClientSession() as http:
        answer = await http.get(platform.url() + path)

        assert answer.status == 200
        assert answer.url.path == path.rstrip("/")


async def test_hostile_pages_cost_the_others_nothing(platform):
    login = platform.accounts["agent1"]
    async with (
        an_agent(platform.url(2), login.login, login.password) as agent,
        a_caller(platform.url()) as caller,
    ):
        await agent.ready()
        ticket = await caller.call()

        async def attack():
            async with a_socket(platform.url()) as page:
                await page.socket.send_str("{" * 1000)
                await page.closed()

        await asyncio.gather(*(attack() for _ in range(20)))
        await agent.take()

        assert (await caller.hear("connecting"))["call"] == ticket["call"]
        await caller.say("hang_up", call=ticket["call"])
        await caller.hear("ended")
        await agent.hear("ended")
