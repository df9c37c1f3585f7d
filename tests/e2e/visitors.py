"""People who come to the pages one by one, and what they wait for there."""

import asyncio

from benchmarks.people import Agent, Caller

PATIENT = {
    "offer": 30.0,
    "connect": 8.0,
    "caller_grace": 2.0,
    "talk_grace": 2.0,
    "agent_grace": 1.0,
    "pair_rest": 1.0,
}
"""How long a platform rings, for photographs, and how soon it forgets."""

WIDE = ("1920", "1440", "768", "360")


async def a_caller(visits, browser, *states, service="telecom-demo"):
    page = await visits.open(browser, f"/{service}")
    caller = Caller(page, "illico-caller")
    await caller.reaches(*(states or ("entry",)))
    return caller


async def an_agent(visits, browser, account):
    agent = Agent(await visits.open(browser, "/agent"), "illico-agent")
    await agent.reaches("sign-in")
    await agent.page.get_by_test_id("login").fill(account["login"])
    await agent.page.get_by_test_id("password").fill(account["password"])
    await agent.press("sign-in-go")
    if await agent.reaches("away", "ready", "wrap-up") != "away":
        await agent.press("be-away" if await agent.state() == "ready" else "wrap-away")
        await agent.reaches("away")
    return agent


async def found(caller):
    """Wait until the caller reads that a console rings."""
    await caller.page.locator("main[data-found=true]").wait_for(timeout=20_000)


async def ended_because(caller, reason):
    await caller.reaches("ended")
    await caller.page.locator(f"main[data-reason={reason}]").wait_for()


async def pictures_flow(person):
    """Wait until a person's page shows the other's moving picture."""
    async with asyncio.timeout(20):
        while await person.frames_decoded() < 10:  # noqa: ASYNC110  a browser sets no event
            await asyncio.sleep(0.1)
    await person.page.locator(".stage.live").wait_for()
