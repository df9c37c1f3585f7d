"""Another agent for a call: asked for by the caller, given by the agent, met again."""

import pytest

from tests.integration.signaling.pages import a_caller, a_console, an_agent, request

pytestmark = pytest.mark.asyncio(loop_scope="module")


def one_of(platform, name, at=1):
    login = platform.accounts[name]
    return an_agent(platform.url(at), login.login, login.password)


async def talk(caller, agent, **asked):
    """Bring a text call to its answer; gives the ticket and the offer."""
    ticket = await caller.call(**asked)
    return ticket, await answer(caller, agent, ticket["call"])


async def answer(caller, agent, call):
    offer = await agent.take()
    await caller.hear("connecting")
    await agent.say("text", call=call, chars="Bonjour")
    await caller.hear("text_from")
    await caller.say("text_shown", call=call, elapsed_ms=1000)
    await caller.hear("in_call")
    await agent.hear_status("in_call")
    return offer


async def over(caller, call):
    await caller.say("hang_up", call=call)
    return await caller.hear("ended")


async def test_who_does_not_understand_gets_somebody_else(platform):
    async with (
        one_of(platform, "agent1") as one,
        one_of(platform, "agent2", 2) as two,
        a_caller(platform.url()) as caller,
    ):
        await one.ready()
        ticket, _ = await talk(caller, one)
        await caller.say("not_understood", request=request(), call=ticket["call"])
        again = await caller.hear("requeued")

        assert again["reason"] == "not_understood"
        assert again["waited_ms"] < 1000, "a clock of its own"
        assert (await one.hear("offer_ended"))["reason"] == "not_understood"
        await one.hear_status("wrap_up")
        await two.ready()
        offer = await answer(caller, two, ticket["call"])
        assert offer["why"] == "not_understood"
        await over(caller, ticket["call"])


async def test_nobody_is_misunderstood_before_the_answer(platform):
    async with a_caller(platform.url()) as caller:
        ticket = await caller.call()
        await caller.say("not_understood", request=request(), call=ticket["call"])

        assert (await caller.hear("problem"))["code"] == "invalid_transition"
        await over(caller, ticket["call"])


async def test_an_agent_hands_a_call_over_to_a_colleague(platform):
    async with (
        one_of(platform, "agent1") as one,
        one_of(platform, "agent2", 2) as two,
        one_of(platform, "agent3", 2) as other,
        a_caller(platform.url()) as caller,
    ):
        await one.ready()
        ticket, offer = await talk(caller, one)
        await two.ready()
        await other.ready()
        await one.say("transfer_choices", call=ticket["call"])
        choices = await one.hear("transfer_offer")
        names = [each["name"] for each in choices["colleagues"]]
        assert names == ["Agent 2"], "of the same company, at work, and able"

        await one.say(
            "transfer_to_agent",
            request=request(),
            call=ticket["call"],
            token=offer["token"],
            to=choices["colleagues"][0]["agent"],
        )
        assert (await caller.hear("requeued"))["reason"] == "transferred"
        assert (await one.hear("offer_ended"))["reason"] == "transferred"
        taken = await answer(caller, two, ticket["call"])
        assert taken["why"] == "transfer"
        await over(caller, ticket["call"])


async def test_a_console_that_comes_back_while_it_rings_knows_why(platform):
    async with (
        one_of(platform, "agent1") as one,
        one_of(platform, "agent2", 2) as two,
        a_caller(platform.url()) as caller,
    ):
        await one.ready()
        ticket, _ = await talk(caller, one)
        await two.ready()
        await caller.say("not_understood", request=request(), call=ticket["call"])
        before = await two.hear("offer")

        async with a_console(platform.url(2), two.cookie) as again:
            after = await again.hear("offer")
            assert before["why"] == after["why"] == "not_understood"
        await over(caller, ticket["call"])


async def test_a_call_goes_to_another_topic_and_never_to_another_company(platform):
    async with (
        one_of(platform, "agent1") as one,
        one_of(platform, "agent2", 2) as two,
        a_caller(platform.url()) as caller,
    ):
        await one.ready()
        ticket, offer = await talk(caller, one, topic="facture")
        handed = {"call": ticket["call"], "token": offer["token"]}
        await one.say(
            "transfer_to_service",
            request=request(),
            service="assurance-demo",
            **handed,
        )
        assert (await one.hear("problem"))["code"] == "other_company"
        await one.say("transfer_choices", call=ticket["call"])
        services = (await one.hear("transfer_offer"))["services"]
        assert [each["slug"] for each in services] == ["telecom-demo"]

        await two.ready()
        await one.say(
            "transfer_to_service",
            request=request(),
            service="telecom-demo",
            topic="panne",
            **handed,
        )
        await caller.hear("requeued")
        assert (await answer(caller, two, ticket["call"]))["topic"] == "Une panne"
        await over(caller, ticket["call"])


async def test_the_same_agent_is_met_again(platform):
    async with (
        one_of(platform, "agent1") as one,
        one_of(platform, "agent2", 2) as two,
        a_caller(platform.url()) as caller,
    ):
        await two.ready()
        ticket, _ = await talk(caller, two)
        word = (await over(caller, ticket["call"]))["again"]
        await two.hear_status("wrap_up")
        await one.ready()
        await two.say("wrap_up_done", request=request(), ready=True)
        await two.hear_status("ready")

        again = await caller.call(again=word)
        offer = await two.hear("offer")
        assert (offer["call"], offer["why"]) == (again["call"], "preferred")
        await over(caller, again["call"])


async def test_a_forged_word_for_an_agent_is_refused(platform):
    async with a_caller(platform.url()) as caller:
        await caller.say(
            "call_request",
            request=request(),
            service="telecom-demo",
            mode="text",
            eye=False,
            again="x" * 40,
        )

        assert (await caller.hear("problem"))["code"] == "bad_ticket"


async def test_a_break_asked_for_in_a_call_begins_after_it(platform):
    async with one_of(platform, "agent1") as one, a_caller(platform.url()) as caller:
        await one.ready()
        ticket, _ = await talk(caller, one)
        await one.say("agent_break", request=request())
        assert (await one.hear("agent_state"))["wish"] == "break"
        await over(caller, ticket["call"])
        await one.hear_status("wrap_up")

        await one.say("agent_break", request=request())
        await one.hear_status("break")
        await one.say("agent_away", request=request())
        await one.hear_status("away")


async def test_a_ring_tells_the_variant_in_words(platform):
    async with one_of(platform, "agent1") as one, a_caller(platform.url()) as caller:
        await one.ready()
        await caller.say(
            "call_request",
            request=request(),
            service="telecom-demo",
            mode="text",
            eye=False,
            variant="smoke",
        )
        assert (await caller.hear("problem"))["code"] == "unknown_variant"

        ticket = await caller.call()
        offer = await one.hear("offer")
        assert (offer["call"], offer["mode"]) == (ticket["call"], "text")
        await over(caller, ticket["call"])
