"""Other ways out of a long wait: offered, taken, called back in turn."""

from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from accounts.client import AccountsClient
from accounts.model import ServiceId
from accounts.routing import Overflow, OverflowStep
from tests.integration.signaling.pages import a_caller, an_agent, request

pytestmark = pytest.mark.asyncio(loop_scope="module")

TELECOM = ServiceId("telecom-demo")
SOON = 0.2
"""Seconds after which everything is offered."""


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def _offers_soon(platform):
    async with AccountsClient.open(platform.database_url) as accounts:
        await accounts.set_handling(
            TELECOM,
            overflow=(OverflowStep(SOON, frozenset(Overflow)),),
            video_message_url="https://telecom.example/message",
        )
    async with a_caller(platform.url()) as caller:
        await offered(caller)  # every process has read it


@asynccontextmanager
async def one_of(platform, name="agent1", at=1):
    login = platform.accounts[name]
    async with an_agent(platform.url(at), login.login, login.password) as agent:
        yield agent


async def offered(caller):
    """Call until other ways are offered; gives the ticket and the ways."""
    while True:
        ticket = await caller.call()
        try:
            ways = (await caller.hear("overflow_offered", within=3))["ways"]
        except TimeoutError:
            await caller.say("hang_up", call=ticket["call"])
            await caller.hear("ended")
            continue
        return ticket, ways


async def leaves(caller, way):
    ticket, _ = await offered(caller)
    await caller.say(
        "leave_another_way", request=request(), call=ticket["call"], way=way
    )
    return ticket


async def over(caller, call):
    await caller.say("hang_up", call=call)
    return await caller.hear("ended")


async def test_a_text_call_is_offered_everything_but_text(platform):
    async with a_caller(platform.url()) as caller:
        ticket, ways = await offered(caller)

        assert ways == ["call_back", "video_message"]
        await over(caller, ticket["call"])


async def test_a_signed_call_goes_on_in_writing_in_its_place(platform):
    async with a_caller(platform.url(2)) as caller:
        ticket = await caller.call(mode="video")
        await caller.hear("overflow_offered")
        await caller.say(
            "leave_another_way", request=request(), call=ticket["call"], way="text"
        )
        again = await caller.hear("ticket")

        assert (again["call"], again["mode"]) == (ticket["call"], "text")
        assert again["waited_ms"] >= SOON * 1000
        await over(caller, ticket["call"])


async def test_a_video_message_ends_the_call(platform):
    async with a_caller(platform.url()) as caller:
        await leaves(caller, "video_message")

        assert (await caller.hear("ended"))["reason"] == "left_another_way"


async def test_what_was_not_offered_is_refused_and_the_wait_goes_on(platform):
    async with a_caller(platform.url()) as caller:
        ticket = await caller.call()
        await caller.say(
            "leave_another_way", request=request(), call=ticket["call"], way="text"
        )

        assert (await caller.hear("problem"))["code"] == "not_offered"
        await over(caller, ticket["call"])


async def test_who_is_called_back_comes_when_the_page_rings(platform):
    async with a_caller(platform.url(2)) as caller, one_of(platform) as agent:
        ticket = await leaves(caller, "call_back")
        await caller.hear("called_back_later")
        await agent.ready()
        offer = await agent.take()
        assert offer["why"] == "call_back"
        summons = await caller.hear("summoned")
        assert (summons["call"], summons["name"]) == (ticket["call"], "Agent 1")
        assert summons["expires_ms"] > 1000

        await caller.say("come_back", request=request(), call=ticket["call"])
        await caller.hear("ticket")
        assert (await caller.hear("connecting"))["name"] == "Agent 1"
        while (peer := await agent.hear("peer"))["presence"] != "here":
            pass
        assert peer["speaker"] == "caller"
        await agent.say("text", call=ticket["call"], chars="Bonjour")
        await caller.hear("text_from")
        await caller.say("text_shown", call=ticket["call"], elapsed_ms=2000)
        await caller.hear("in_call")
        await over(caller, ticket["call"])


async def test_a_page_that_comes_back_alone_does_not_pass_for_its_caller(platform):
    async with a_caller(platform.url()) as caller:
        ticket = await leaves(caller, "call_back")
        await caller.hear("called_back_later")
        await caller.vanish()

    async with a_caller(platform.url(2)) as again, one_of(platform) as agent:
        kept = {"request": request(), "ticket": ticket["ticket"], "away": True}
        await again.say("resume", **kept)
        await again.hear("called_back_later")
        await agent.ready()
        await agent.take()
        await again.hear("summoned")
        await again.vanish()
        async with a_caller(platform.url()) as third:
            await third.say("resume", **(kept | {"request": request()}))

            assert (await third.hear("summoned"))["expires_ms"] is None
            await over(third, ticket["call"])


async def test_a_page_that_says_that_its_caller_left_is_believed_by_ticket_alone(
    platform,
):
    async with a_caller(platform.url()) as caller:
        ticket = await caller.call()
        await caller.vanish()

    async with a_caller(platform.url(2)) as again:
        await again.say("resume", request=request(), ticket=ticket["ticket"], away=True)
        await again.hear("ticket")
        await again.hear("waiting")

        assert "called_back_later" not in [each["type"] for each in again.heard]
        await over(again, ticket["call"])


async def test_whoever_comes_back_early_waits_on(platform):
    async with a_caller(platform.url()) as caller:
        ticket = await leaves(caller, "call_back")
        await caller.hear("called_back_later")
        await caller.say("come_back", request=request(), call=ticket["call"])
        await caller.hear("ticket")
        place = await caller.hear("waiting")

        assert place["position"] == 1
        await caller.say("ping", n=3)
        await caller.hear("pong")
        assert caller.heard[-1]["type"] == "pong"
        await over(caller, ticket["call"])
