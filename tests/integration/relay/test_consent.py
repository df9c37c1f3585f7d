"""The eye looks at who said yes, and at nobody else."""

from relay import messages
from tests.integration.relay.browsers import chromium_browser, page_server
from tests.integration.relay.relays import listening, relay_process
from tests.integration.relay.stage import Stage

LONG_ENOUGH = 180
"""Pictures, six seconds: the first window that counts begins with the conversation."""


async def test_only_who_said_yes_is_looked_at_and_a_no_works_at_once(relay_folder):
    async with (
        relay_process(relay_folder, ILLICO_EYE_WORKERS="1") as (address, process),
        page_server() as url,
        listening(address) as listener,
        chromium_browser() as chromium,
    ):
        stage = Stage(chromium, url, listener, process)
        call = stage.new_call()
        caller = await stage.person(call, "caller")
        agent = await stage.person(call, "agent:1")
        await caller.join("leg-c", eye=True)
        await agent.join("leg-a")
        await stage.route(call, ("caller", "agent:1"), ("agent:1", "caller"))

        verdict = await listener.wait_for(messages.EyeVerdict, 25)
        await agent.sees(frames=LONG_ENOUGH)
        await stage.relay.watch(call=call, participant="caller", yes=False)
        await caller.join("leg-c2")
        await agent.sees()
        assert listener.of(messages.EyeCounted) == []
        await stage.relay.close_call(call=call, token=1)
        counted = await listener.wait_for(messages.EyeCounted)

        assert verdict.participant == "caller"
        assert counted.call == call
        assert counted.windows >= 1
        assert counted.windows == counted.legible + counted.at_risk + counted.lost
        await stage.clear()
    assert {event.participant for event in listener.of(messages.EyeVerdict)} == {
        "caller"
    }
