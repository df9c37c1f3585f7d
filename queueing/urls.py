"""Reads the address of the queue's server: one server, or the Sentinels who know it. Pure.

    redis://…  rediss://…  unix:///path                       one server
    redis+sentinel://[[user]:password@]host[:port],…/name     the master that Sentinels
    rediss+sentinel://…                                       call by this name

Sentinels listen on 26379 unless a port is given. After the name may stand the number of
the database (`/name/2`), and after that `?sentinel_username=…&sentinel_password=…`.
"""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

SENTINEL_PORT: Final = 26379
DIRECT: Final = frozenset({"redis", "rediss", "unix"})
THROUGH_SENTINELS: Final = frozenset({"redis+sentinel", "rediss+sentinel"})
_OPTIONS: Final = frozenset({"sentinel_username", "sentinel_password"})

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Direct:
    """One server, by an address that redis-py reads itself."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ThroughSentinels:
    """The present master of a group, as its Sentinels name it."""

    sentinels: tuple[Address, ...]
    master: str
    is_encrypted: bool = False
    database: int = 0
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    sentinel_username: str | None = None
    sentinel_password: str | None = field(default=None, repr=False)


Place = Direct | ThroughSentinels


def read_place(url: str) -> Place:
    """Read an address.

    Raises:
        ValueError: it is none; the text says why, without the password.
    """
    scheme = url.partition("://")[0]
    if scheme in DIRECT and len(url) > len(scheme) + 3 and not url[-1:].isspace():
        return Direct(url)
    if scheme not in THROUGH_SENTINELS:
        known = ", ".join(f"{each}://" for each in sorted(DIRECT | THROUGH_SENTINELS))
        raise ValueError(f"an address begins with one of {known}")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise ValueError(f"no address: {error}") from None
    master, database = _name(parts)
    options = _options(parts)
    people, _, hosts = parts.netloc.rpartition("@")
    username, _, password = people.partition(":")
    return ThroughSentinels(
        sentinels=tuple(_address(each) for each in hosts.split(",")),
        master=master,
        is_encrypted=scheme.startswith("rediss"),
        database=database,
        username=unquote(username) or None,
        password=unquote(password) or None,
        sentinel_username=options.get("sentinel_username"),
        sentinel_password=options.get("sentinel_password"),
    )


def _name(parts: SplitResult) -> tuple[str, int]:
    name, _, database = parts.path.lstrip("/").partition("/")
    if not name:
        raise ValueError("name the master after the Sentinels: …/mymaster")
    if database and not database.isdecimal():
        raise ValueError(f"{database!r} is no number of a database")
    return unquote(name), int(database or 0)


def _options(parts: SplitResult) -> dict[str, str]:
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if unknown := sorted(set(options) - _OPTIONS):
        raise ValueError(f"{unknown[0]!r} is no option of a Sentinel address")
    return options


def _address(text: str) -> Address:
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or "@" in text:
        raise ValueError(f"{text!r} is no Sentinel: write host or host:port")
    return host, port or SENTINEL_PORT
