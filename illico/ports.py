"""Which port serves what; a taken port is found before anything is started."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from illico.errors import PortTakenError

STEP: Final = 100  # from one signaling process to the next


@dataclass(frozen=True, slots=True)
class Ports:
    """TCP ports: one for each signaling process, one for the portal."""

    signaling: tuple[int, ...]
    portal: int


def choose(
    first: int,
    portal: int,
    *,
    signaling: int,
    is_free: Callable[[int], bool],
    any_free: Callable[[], int],
) -> Ports:
    """Choose the ports; only those that a person asked for can be refused.

    Raises:
        PortTakenError: a port that was asked for is taken.
    """
    if not is_free(first):
        raise PortTakenError(first, "--port")
    if portal == first or not is_free(portal):
        raise PortTakenError(portal, "--portal-port")
    chosen = [first]
    for number in range(1, signaling):
        wanted = first + number * STEP
        usable = wanted <= 65535 and wanted != portal and is_free(wanted)
        chosen.append(wanted if usable else any_free())
    return Ports(tuple(chosen), portal)


def share_out(udp_ports: str, relays: int) -> list[str]:
    """Cut a range of UDP ports into one range for each relay.

    Raises:
        ValueError: the range is empty, beyond 65535 or too small.
    """
    low, high = (int(end) for end in udp_ports.split("-"))
    size = (high - low + 1) // relays
    if low < 1 or high > 65535 or size < 1:
        raise ValueError(
            f"{udp_ports} is no range of UDP ports from 1 to 65535 with one or more"
            f" for each of {relays} relays",
        )
    return [
        f"{low + number * size}-{low + (number + 1) * size - 1}"
        for number in range(relays)
    ]


def is_free(host: str, port: int) -> bool:
    """Tell whether a server could listen there now."""
    with socket.socket(socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def any_free(host: str) -> int:
    """Ask the system for a port that nobody uses."""
    with socket.socket(socket.AF_INET) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
    return port
