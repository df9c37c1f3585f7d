"""A whole call without pictures: caller at one process, agent at another."""

import asyncio

import pytest
from redis.asyncio import Redis

from accounts.client import AccountsClient
from tests.integration.signaling.pages import (
    a_caller,
    a_console,
    an_agent,
    request,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


def one_of(platform, name="agent1", at=2):
    login = platform.accounts[name]
    return an_agent(platform.url(at), login.login, login.password)


async def test_a_text_call_goes_through_every_room(platform):
    async with one_of(platform) as agent, a_caller(platform.url()) as caller:
        await agent.ready()
        ticket = await caller.call(topic="facture")
        offer = await agent.take()

        assert offer["call"] == ticket["call"]
        assert (offer["company"], offer["topic"]) == ("Télécom Démo", "Ma facture")
        await caller.hear("connecting")
        for letter in "Bonjour":
            await agent.say("text", call=ticket["call"], chars=letter)
        read = [(await caller.hear("text_from"))["chars"] for _ in "Bonjour"]
        assert "".join(read) == "Bonjour"

        await caller.say("text_shown", call=ticket["call"], elapsed_ms=1200)
        assert (await caller.hear("in_call"))["name"]
        await caller.say("text", call=ticket["call"], chars="Merci")
        assert (await agent.hear("text_from"))["speaker"] == "caller"
        await caller.say("attention", call=ticket["call"])
        assert (await agent.hear("attention_from"))["speaker"] == "caller"

        await agent.say("hang_up", call=ticket["call"], difficult=True)
        assert (await caller.hear("ended"))["reason"] == "agent_hung_up"
        assert (await agent.hear("agent_state"))["status"] == "wrap_up"
        await caller.say("rate", call=ticket["call"], face="good")
        await agent.say("wrap_up_done", request=request(), ready=False)
        assert (await agent.hear("agent_state"))["status"] == "away"


async def test_words_before_the_agent_has_written_are_no_answer(platform):
    async with one_of(platform) as agent, a_caller(platform.url()) as caller:
        await agent.ready()
        ticket = await caller.call()
        await agent.take()
        await caller.hear("connecting")
        await caller.say("text_shown", call=ticket["call"], elapsed_ms=10)
        await caller.say("ping", n=1)
        await caller.hear("pong")

        assert not [m for m in caller.heard if m["type"] == "in_call"]
        await caller.say("hang_up", call=ticket["call"])
        await caller.hear("ended")


async def test_a_caller_who_comes_back_keeps_the_place(platform):
    async with a_caller(platform.url()) as caller:
        ticket = await caller.call()
        await caller.vanish()

    async with a_caller(platform.url(2)) as again:
        await again.say("resume", request=request(), ticket=ticket["ticket"])
        back = await again.hear("ticket")
        place = await again.hear("waiting")

        assert back["call"] == ticket["call"]
        assert back["waited_ms"] >= ticket["waited_ms"]
        assert place["position"] == 1
        await again.say("hang_up", call=ticket["call"])
        await again.hear("ended")


async def test_the_newest_window_wins(platform):
    async with a_caller(platform.url()) as old, a_caller(platform.url()) as new:
        ticket = await old.call()
        await new.say("resume", request=request(), ticket=ticket["ticket"])
        await new.hear("ticket")

        assert (await old.hear("problem"))["code"] == "superseded"
        assert await old.closed() == 4409
        await new.say("hang_up", call=ticket["call"])
        await new.hear("ended")


async def test_a_second_console_takes_over(platform):
    async with one_of(platform, at=1) as old, one_of(platform, at=2):
        assert (await old.hear("problem"))["code"] == "superseded"


async def test_calls_are_served_in_order_of_t0_by_two_agents(platform):
    async with (
        one_of(platform, "agent1", 1) as one,
        one_of(platform, "agent2", 2) as two,
        a_caller(platform.url(1)) as first,
        a_caller(platform.url(2)) as second,
        a_caller(platform.url(1)) as third,
        a_caller(platform.url(2)) as fourth,
    ):
        callers = (first, second, third, fourth)
        calls = [(await page.call())["call"] for page in callers]
        for agent in (one, two):
            await agent.say("agent_ready", request=request())
        served = []
        for _ in range(2):
            for agent in (one, two):
                offer = await agent.take()
                served.append(offer["call"])
                await agent.hear_status("connecting")
                await agent.say("hang_up", call=offer["call"])
                await agent.hear("ended")

        assert set(served[:2]) == set(calls[:2])
        assert set(served[2:]) == set(calls[2:])


async def test_a_refused_call_goes_to_the_next_agent_with_its_t0(platform):
    async with (
        one_of(platform, "agent1", 1) as one,
        one_of(platform, "agent2", 2) as two,
        a_caller(platform.url()) as caller,
    ):
        await one.ready()
        ticket = await caller.call()
        offer = await one.hear("offer")
        await two.ready()
        await one.refuse(offer)
        again = await two.hear("offer")

        assert again["call"] == ticket["call"]
        assert again["token"] > offer["token"]
        assert again["waited_ms"] >= offer["waited_ms"]
        await two.accept(again)
        await caller.hear("connecting")
        await caller.say("hang_up", call=ticket["call"])
        await caller.hear("ended")


async def test_an_ignored_call_goes_to_the_next_agent(platform):
    async with (
        one_of(platform, "agent1", 1) as one,
        one_of(platform, "agent2", 2) as two,
        a_caller(platform.url()) as caller,
    ):
        await one.ready()
        ticket = await caller.call()
        await one.hear("offer")
        await two.ready()
        ended = await one.hear("offer_ended")
        again = await two.hear("offer")

        assert ended["reason"] == "timed_out"
        assert again["call"] == ticket["call"]
        await caller.say("hang_up", call=ticket["call"])
        await caller.hear("ended")


async def test_an_old_token_takes_nothing(platform):
    async with one_of(platform) as agent, a_caller(platform.url()) as caller:
        await agent.ready()
        ticket = await caller.call()
        offer = await agent.hear("offer")
        await agent.say(
            "accept", request=request(), call=offer["call"], token=offer["token"] - 1
        )

        assert (await agent.hear("problem"))["code"] == "stale_token"
        await caller.say("hang_up", call=ticket["call"])
        await caller.hear("ended")


async def test_an_agent_who_vanishes_while_it_rings_loses_nobody(platform):
    async with (
        one_of(platform, "agent2", 2) as two,
        a_caller(platform.url()) as caller,
    ):
        async with one_of(platform, "agent1", 1) as one:
            await one.ready()
            ticket = await caller.call()
            await one.hear("offer")
            await two.ready()
            await one.vanish()
            again = await two.hear("offer")

        assert again["call"] == ticket["call"]
        await caller.say("hang_up", call=ticket["call"])
        await caller.hear("ended")


async def test_an_agent_who_vanishes_in_a_call_loses_nobody(platform):
    async with (
        one_of(platform, "agent2", 2) as two,
        a_caller(platform.url()) as caller,
    ):
        async with one_of(platform, "agent1", 1) as one:
            await one.ready()
            ticket = await caller.call()
            await one.take()
            await caller.hear("connecting")
            await one.say("text", call=ticket["call"], chars="Bonjour")
            await caller.hear("text_from")
            await caller.say("text_shown", call=ticket["call"], elapsed_ms=900)
            await caller.hear("in_call")
            await one.vanish()

        assert (await caller.hear("peer"))["presence"] == "reconnecting"
        await two.ready()
        assert (await caller.hear("requeued"))["reason"] == "agent_lost"
        again = await two.take()
        assert again["call"] == ticket["call"]
        await caller.hear("connecting")
        await caller.say("hang_up", call=ticket["call"])
        await caller.hear("ended")


async def test_an_agent_who_reloads_in_a_call_is_back_in_it(platform):
    async with a_caller(platform.url()) as caller:
        async with one_of(platform, "agent1", 1) as agent:
            await agent.ready()
            ticket = await caller.call()
            await agent.take()
            await caller.hear("connecting")
            await agent.say("text", call=ticket["call"], chars="Bonjour")
            await caller.hear("text_from")
            await caller.say("text_shown", call=ticket["call"], elapsed_ms=900)
            await caller.hear("in_call")
            cookie = agent.cookie
            await agent.vanish()
        async with a_console(platform.url(2), cookie) as back:
            again = await back.hear("agent_call")

            assert again["call"] == ticket["call"]
            assert (await caller.hear("peer"))["presence"] == "reconnecting"
            assert (await caller.hear("peer"))["presence"] == "here"
            await back.say("text", call=ticket["call"], chars="Me revoilà")
            assert (await caller.hear("text_from"))["chars"] == "Me revoilà"
            await back.say("hang_up", call=ticket["call"])
            await caller.hear("ended")


async def test_a_caller_is_told_at_once_that_nobody_could_serve(platform):
    async with a_caller(platform.url()) as caller:
        ticket = await caller.call(service="assurance-demo")

        while not (await caller.hear("waiting"))["nobody"]:
            pass  # an agent of the test before may still be signing out
        async with one_of(platform, "agent3") as agent:
            await agent.ready()
            offer = await agent.hear("offer")
            assert offer["call"] == ticket["call"]
            await caller.say("hang_up", call=ticket["call"])
            await caller.hear("ended")


async def test_a_caller_who_closes_the_page_while_it_rings_frees_the_agent(platform):
    async with one_of(platform) as agent:
        async with a_caller(platform.url()) as caller:
            await agent.ready()
            ticket = await caller.call()
            offer = await agent.hear("offer")
            await caller.vanish()

        ended = await agent.hear("offer_ended")
        assert (ended["token"], ended["reason"]) == (offer["token"], "cancelled")
        async with a_caller(platform.url(2)) as again:
            await again.say("resume", request=request(), ticket=ticket["ticket"])
            assert (await again.hear("ticket"))["call"] == ticket["call"]
            back = await agent.hear("offer")
            assert back["waited_ms"] > offer["waited_ms"]
            await again.say("hang_up", call=ticket["call"])
            await again.hear("ended")


async def test_a_caller_who_closes_the_page_in_a_call_is_waited_for(platform):
    async with one_of(platform) as agent:
        async with a_caller(platform.url()) as caller:
            await agent.ready()
            ticket = await caller.call()
            await agent.take()
            await caller.hear("connecting")
            await caller.vanish()

        assert (await agent.hear("peer"))["presence"] == "reconnecting"
        async with a_caller(platform.url(2)) as again:
            await again.say("resume", request=request(), ticket=ticket["ticket"])
            assert (await again.hear("connecting"))["call"] == ticket["call"]
            assert (await agent.hear("peer"))["presence"] == "here"
            await again.say("hang_up", call=ticket["call"])
            await again.hear("ended")


async def test_the_words_of_the_agent_before_are_no_answer_of_the_next_one(platform):
    async with (
        one_of(platform, "agent2", 2) as two,
        a_caller(platform.url()) as caller,
    ):
        async with one_of(platform, "agent1", 1) as one:
            await one.ready()
            ticket = await caller.call()
            await one.take()
            await caller.hear("connecting")
            await one.say("text", call=ticket["call"], chars="Bonjour")
            await caller.hear("text_from")
            await one.vanish()
        await two.ready()
        await caller.hear("requeued")
        await two.take()
        await caller.hear("connecting")
        await caller.say("text_shown", call=ticket["call"], elapsed_ms=10)
        await caller.say("ping", n=2)
        await caller.hear("pong")
        assert not [m for m in caller.heard if m["type"] == "in_call"]

        await two.say("text", call=ticket["call"], chars="Oui")
        await caller.hear("text_from")
        await caller.say("text_shown", call=ticket["call"], elapsed_ms=900)
        await caller.hear("in_call")
        await caller.say("hang_up", call=ticket["call"])
        await caller.hear("ended")


async def test_a_killed_process_costs_its_callers_nothing(platform):
    async with a_caller(platform.url(1)) as caller:
        ticket = await caller.call()
        before = platform.pid("signaling-1")
        platform.kill("signaling-1")
        await caller.closed()

    async with a_caller(platform.url(2)) as again:
        await again.say("resume", request=request(), ticket=ticket["ticket"])
        assert (await again.hear("ticket"))["call"] == ticket["call"]
        await again.say("hang_up", call=ticket["call"])
        await again.hear("ended")
    await platform.back("signaling-1", than=before)


async def test_a_call_asked_for_again_belongs_to_the_newer_socket(platform):
    same = {
        "request": request(),
        "service": "telecom-demo",
        "mode": "text",
        "eye": False,
    }
    async with one_of(platform) as agent, a_caller(platform.url(2)) as new:
        async with a_caller(platform.url(1)) as old:
            await old.say("call_request", **same)
            ticket = await old.hear("ticket")
            await new.say("call_request", **same)
            assert (await new.hear("ticket"))["call"] == ticket["call"]
            await old.vanish()
        await agent.ready()
        await agent.take()

        assert (await new.hear("connecting"))["call"] == ticket["call"]
        await new.say("hang_up", call=ticket["call"])
        await new.hear("ended")


async def test_a_console_that_comes_back_while_it_rings_rings_again(platform):
    async with a_caller(platform.url()) as caller, one_of(platform, at=1) as old:
        await old.ready()
        ticket = await caller.call()
        offer = await old.hear("offer")
        async with a_console(platform.url(2), old.cookie) as new:
            again = await new.hear("offer")

            assert (again["call"], again["token"]) == (offer["call"], offer["token"])
            await new.accept(again)
            await caller.hear("connecting")
            await new.say("text", call=ticket["call"], chars="Bonjour")
            assert (await caller.hear("text_from"))["chars"] == "Bonjour"
            await new.say("hang_up", call=ticket["call"])
            await caller.hear("ended")


async def test_a_console_whose_password_changes_is_closed(platform):
    login = platform.accounts["agent3"]
    async with one_of(platform, "agent3", 1) as agent:
        async with AccountsClient.open(platform.database_url) as accounts:
            people = {person.login: person for person in await accounts.people()}
            await accounts.set_password(people["agent3"].id, password=login.password)

        assert (await agent.hear("problem"))["code"] == "not_signed_in"
        assert await agent.closed() == 4401


async def test_no_log_holds_what_was_typed(platform):
    secret = "un-mot-que-personne-ne-lit"
    async with one_of(platform) as agent, a_caller(platform.url()) as caller:
        await agent.ready()
        ticket = await caller.call()
        await agent.take()
        await caller.hear("connecting")
        before = {relay: platform.pid(relay) for relay in ("relay-1", "relay-2")}
        for relay in before:
            platform.kill(relay)
            await platform.gone(relay)
        await caller.say("text", call=ticket["call"], chars=secret)
        assert (await caller.hear("problem"))["code"] == "unavailable"
        for relay, pid in before.items():
            await platform.back(relay, than=pid)
        await caller.say("hang_up", call=ticket["call"])
        await caller.hear("ended")

    for name in ("signaling-1", "signaling-2", *before, "queueing", "ledger"):
        assert secret not in platform.log(name)
        assert platform.running.ground.secrets.relay not in platform.log(name)


async def test_a_queue_that_lost_its_data_knows_its_services_again(platform):
    async with Redis.from_url(platform.redis_url) as redis:
        await redis.flushall()

    async with asyncio.timeout(15), a_caller(platform.url()) as caller:
        while True:
            asked = {"request": request(), "service": "telecom-demo"}
            await caller.say("call_request", mode="text", eye=False, **asked)
            heard = await caller.hear("ticket", "problem")
            if heard["type"] == "ticket":
                break
            assert heard["code"] == "unknown_service"
            await asyncio.sleep(3)
        await caller.say("hang_up", call=heard["call"])
        await caller.hear("ended")
