"""Writes a directory into the queue, in steps so small that nobody waits for them.

Each step is safe to repeat, and several processes may write the same version at once.
The order is what makes it safe: agents first, one whole entry after another; then what
calls will need, all at once. So no call ever needs what its agents do not know yet.
"""

from typing import Final

from queueing.catalogue import Directory
from queueing.directory import encode_agents, encode_reserves, encode_services
from queueing.store import Store

_AGENTS_AT_ONCE: Final = 4
_SERVICES_AT_ONCE: Final = 8
_FORGOTTEN_AT_ONCE: Final = 40
_OUTDATED: Final = -1


class _OutdatedError(Exception):
    """The queue has this or a newer version, or a newer one is being written."""


async def publish(store: Store, directory: Directory) -> bool:
    """Replace the queue's directory, unless it has this or a newer one.

    Returns:
        Whether it was replaced.
    """
    try:
        await _write(store, directory)
    except _OutdatedError:
        return False
    while await store.number("publish_match"):
        pass
    while await store.number("publish_forget", _FORGOTTEN_AT_ONCE):
        pass
    return True


async def _write(store: Store, directory: Directory) -> None:
    version = directory.version
    await _step(store, "publish", version, encode_reserves(directory))
    agents = sorted(directory.agents, key=lambda each: each.id)
    for first in range(0, len(agents), _AGENTS_AT_ONCE):
        some = encode_agents(agents[first : first + _AGENTS_AT_ONCE])
        await _step(store, "publish_agents", version, some)
    while await _step(store, "publish_unlisted", version, _AGENTS_AT_ONCE):
        pass
    for first in range(0, len(directory.services), _SERVICES_AT_ONCE):
        services = directory.services[first : first + _SERVICES_AT_ONCE]
        written = encode_services(services, directory.kind)
        await _step(store, "publish_services", version, written)
    await _step(store, "publish_switch", version)


async def _step(store: Store, name: str, *args: str | int) -> int:
    reply = await store.number(name, *args)
    if reply == _OUTDATED:
        raise _OutdatedError
    return reply
