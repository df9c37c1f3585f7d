"""How people of a pool lose their connections, and come back."""

from queueing.messages import Resync, read_events
from tests.integration.queueing.pools import a_request


async def lose_caller(pool, call, connection=None):
    await pool.here.caller_lost(
        call=call, connection=connection or f"{call}-tab", request=a_request()
    )


async def resume(pool, call, *, client=None, connection="new-tab"):
    return await (client or pool.here).resume(
        call=call, connection=connection, request=a_request()
    )


async def lose_agent(pool, agent, connection=None):
    await pool.here.agent_lost(
        agent=agent, connection=connection or f"{agent}-tab", request=a_request()
    )


async def agent_back(pool, agent, *, client=None):
    return await (client or pool.here).agent_connected(
        agent=agent, connection="new-tab", request=a_request()
    )


async def resyncs(pool, server):
    """What a server was told to look at again, so far."""
    told = pool.plain.xrange(pool.key(f"out:{server}"))
    events = [event for _, fields in told for event in read_events(fields["events"])]
    return [event for event in events if isinstance(event, Resync)]
