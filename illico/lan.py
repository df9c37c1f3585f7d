"""This machine on its local networks."""

import socket
from ipaddress import IPv4Address, ip_address

import ifaddr


def addresses() -> list[str]:
    """List the addresses by which other machines reach this one, IPv4 first.

    The address of the default route, if there is one, is the first of all.
    """
    found = {
        ip_address(each.ip if isinstance(each.ip, str) else each.ip[0])
        for adapter in ifaddr.get_adapters()
        for each in adapter.ips
    }
    usable = {each for each in found if not each.is_loopback and not each.is_link_local}
    first = _default_route()
    return [
        str(each)
        for each in sorted(
            usable,
            key=lambda each: (str(each) != first, each.version, int(each)),
        )
    ]


def is_ipv4(address: str) -> bool:
    return isinstance(ip_address(address), IPv4Address)


def host_name() -> str:
    return socket.gethostname().partition(".")[0]


def _default_route() -> str | None:
    """Ask which own address a packet to the outside would carry; none is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    return address
