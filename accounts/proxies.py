"""Where a request comes from, when it comes through proxies of ours.

Pure. A proxy writes the address that it saw behind those that it was told; so the list
is read from its end, for as long as whoever wrote an entry is trusted. What a stranger
wrote is never reached. What cannot be read ends the reading: then the request counts as
the last proxy's own, which at worst makes strangers share one limit.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final, Self

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_MAX_HEADER: Final = 8192
_PORT: Final = re.compile(r"\[([^\]]*)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}")
_PAIR: Final = re.compile(
    r"[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)="
    r'(?:"((?:[^"\\]|\\.)*)"|([^\s",;=]+))[ \t]*([;,]|\Z)'
)


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The networks in which whoever speaks for somebody else is believed."""

    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, words: str) -> Self:
        """Read networks and addresses, separated by spaces or commas; none is allowed.

        Raises:
            ValueError: one of them is no network, or is everybody's.
        """
        networks = tuple(map(ip_network, words.replace(",", " ").split()))
        for network in networks:
            if network.prefixlen == 0:
                raise ValueError(f"{network} is everybody: name your proxies' networks")
        return cls(networks)

    def sender(
        self,
        peer: str,
        *,
        x_forwarded_for: Sequence[str] = (),
        forwarded: Sequence[str] = (),
    ) -> str:
        """Say who sent a request that `peer` handed to us, with these header lines.

        Where both headers are there and name different senders, neither is believed: a
        proxy that writes the one may pass on a stranger's other.
        """
        nearest = _read(peer)
        if nearest is None or not self._trusts(nearest):
            return peer
        told = [
            self._last_untrusted(nearest, hops)
            for hops in (_listed(x_forwarded_for), _for_values(forwarded))
            if hops
        ]
        return str(told[0] if told and len({*told}) == 1 else nearest)

    def _last_untrusted(self, nearest: Address, hops: Sequence[str]) -> Address:
        found = nearest
        for hop in reversed(hops):
            before = _read(hop)
            if before is None:
                return found
            found = before
            if not self._trusts(found):
                return found
        return found

    def _trusts(self, address: Address) -> bool:
        return any(
            address.version == network.version and address in network
            for network in self.networks
        )


def _read(words: str) -> Address | None:
    """An address, perhaps with a port; one that is IPv4 inside IPv6 is IPv4."""
    match = _PORT.fullmatch(words)
    bare = words if match is None else match[1] or match[2] or ""
    if "%" in bare:  # a zone means something on one machine only
        return None
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _listed(lines: Iterable[str]) -> list[str]:
    return [each.strip() for line in lines for each in line.split(",")]


def _for_values(lines: Iterable[str]) -> list[str]:
    """The `for` of each element (RFC 7239, section 4), empty where there is none."""
    return [hop for line in lines for hop in _elements(line)]


def _elements(line: str) -> list[str]:
    """Read one line, whole or not at all.

    A stranger may leave a quotation mark open, so that what a proxy appended looks like
    a part of it: whatever does not parse to its end says nothing.
    """
    hops: list[str] = []
    hop, position, end = "", 0, ","
    while position < len(line):
        match = _PAIR.match(line, position)
        if match is None or len(line) > _MAX_HEADER:
            return [""]
        name, quoted, plain, end = match.groups()
        if name.lower() == "for":
            hop = re.sub(r"\\(.)", r"\1", quoted) if plain is None else plain
        if end != ";":
            hops.append(hop)
            hop = ""
        position = match.end()
    return hops if end == "" else [""]
