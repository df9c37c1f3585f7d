"""A store that forgot, and people who bring back what they know."""

from dataclasses import replace

from queueing.messages import Resync
from queueing.model import Mode
from tests.integration.queueing.pools import START, a_request, an_agent, events_of

TWO = {"agent1": 2, "agent2": 3}


async def adopt(pool, call, *, t0=START, client=None, connection="new-tab", **changes):
    wanted = {
        "service": "telecom-demo",
        "topic": None,
        "mode": Mode.VIDEO,
        "variant": None,
        "relay": "r1",
    }
    return await (client or pool.here).adopt(
        call=call,
        t0=t0,
        connection=connection,
        request=a_request(),
        **(wanted | changes),
    )


async def adopt_talk(pool, talk, client=None):
    return await (client or pool.here).adopt_talk(talk=talk, request=a_request())


class Copy:
    """The data of a pool as they were, to be gone on with by another process."""

    def __init__(self, pool):
        self._pool = pool
        self._values = {key: pool.plain_bytes().dump(key) for key in self._keys()}

    def _keys(self):
        clock = self._pool.key("clock")
        found = self._pool.plain.scan_iter(self._pool.key("*"), count=1000)
        return [key for key in found if key != clock]

    def restore(self):
        for key in self._keys():
            self._pool.plain.delete(key)
        for key, value in self._values.items():
            self._pool.plain_bytes().restore(key, 0, value)
        if self._values:
            self._pool.move_to_another_process()


def nothing(pool):
    """No data at all, as after a lost disk."""
    copy = Copy(pool)
    copy._values = {}
    return copy


async def settled(pool, *clients):
    """Let the servers live and present everybody, and the sweeper match again."""
    for client in clients or (pool.here, pool.there):
        await client.heartbeat()
        await events_of(client, Resync)
        await client.presented()
    await pool.sweep()


async def is_here(client, *people):
    """Present calls and agents as connected as they were."""
    for name in people:
        connection, kind = f"{name}-tab", name.rstrip("0123456789")
        if kind == "agent":
            await client.agent_connected(
                agent=name, connection=connection, request=a_request()
            )
        else:
            await client.resume(call=name, connection=connection, request=a_request())


async def the_talk(pool, call="c1"):
    """A call that agent1 answered; the view that both servers hold."""
    await pool.call(call)
    return await pool.answer(call)


async def the_talk_of_another_time(pool):
    await pool.staff(an_agent("agent1"))
    return replace(await the_talk(pool, "c9"), agent="agent9")
