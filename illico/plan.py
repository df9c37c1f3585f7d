"""What is started, in which order and with which settings."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from illico.ports import Ports
from illico.secret_words import Secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One child: how it is started, and how it says that it serves."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    room: str = ""  # the package that reads this environment
    answers_on: Path | None = None  # a socket that answers PING; else a `ready` line


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the plan stands on: places, addresses and secrets."""

    redis_url: str
    database_url: str
    sockets: Path
    clips: Path
    spool: Path
    ledger_key: Path
    ports: Ports
    udp_ports: tuple[str, ...]  # one range for each relay
    secrets: Secrets
    listen: str = "127.0.0.1"
    portal_listen: str = "127.0.0.1"
    host: str = "localhost"  # what people type
    certificate: Path | None = None
    key: Path | None = None
    has_own_certificate: bool = False
    relay_address: str | None = None
    own_url: str | None = None  # of the pages, when the operator gave one
    own_portal_url: str | None = None
    has_turn: bool = False

    @property
    def urls(self) -> tuple[str, ...]:
        """The pages, as people reach them: one address a signaling process."""
        first, *others = (self._url(port) for port in self.ports.signaling)
        return (self.own_url or first, *others)

    @property
    def portal_url(self) -> str:
        return self.own_portal_url or self._url(self.ports.portal)

    def _url(self, port: int) -> str:
        scheme = "http" if self.certificate is None else "https"
        return f"{scheme}://{self.host}:{port}"


def stages(ground: Ground) -> tuple[tuple[Program, ...], ...]:
    """Name the programs stage by stage; within a stage the order does not matter.

    The queue comes first, the doors to the outside last, so that whoever gets in finds
    everything ready, and an ending platform closes its doors first.
    """
    relays = range(1, len(ground.udp_ports) + 1)
    return (
        (_queueing(ground),),
        (*(_relay(ground, number) for number in relays), _ledger(ground)),
        tuple(
            _signaling(ground, number)
            for number in range(1, len(ground.ports.signaling) + 1)
        ),
    )


def _room(room: str, name: str, settings: Mapping[str, str]) -> Program:
    return Program(
        name=name,
        room=room,
        command=(sys.executable, "-m", room),
        environment={"PYTHONUNBUFFERED": "1", **settings},
    )


def _queueing(ground: Ground) -> Program:
    return _room("queueing", "queueing", {"ILLICO_REDIS_URL": ground.redis_url})


def _relay_listen(ground: Ground, number: int) -> str:
    return f"unix:{ground.sockets / f'relay-{number}.sock'}"


def _relay(ground: Ground, number: int) -> Program:
    settings = {
        "ILLICO_RELAY_ID": f"r{number}",
        "ILLICO_RELAY_LISTEN": _relay_listen(ground, number),
        "ILLICO_RELAY_SECRET": ground.secrets.relay,
        "ILLICO_RELAY_UDP_PORTS": ground.udp_ports[number - 1],
    }
    if ground.relay_address is not None:
        settings["ILLICO_RELAY_ADDRESS"] = ground.relay_address
    return _room("relay", f"relay-{number}", settings)


def _signaling(ground: Ground, number: int) -> Program:
    settings = {
        "ILLICO_HTTP_HOST": ground.listen,
        "ILLICO_HTTP_PORT": str(ground.ports.signaling[number - 1]),
        "ILLICO_PUBLIC_URL": ground.urls[number - 1],
        "ILLICO_SERVER_ID": f"s{number}",
        "ILLICO_REDIS_URL": ground.redis_url,
        "ILLICO_DATABASE_URL": ground.database_url,
        "ILLICO_RELAYS": " ".join(
            f"r{relay}={_relay_listen(ground, relay)}"
            for relay in range(1, len(ground.udp_ports) + 1)
        ),
        "ILLICO_RELAY_SECRET": ground.secrets.relay,
        "ILLICO_TICKET_SECRET": ground.secrets.ticket,
        "ILLICO_LSF_CLIPS_DIR": str(ground.clips),
        "ILLICO_SPOOL_DIR": str(ground.spool),
        **_tls(ground),
    }
    if ground.has_turn:
        settings["ILLICO_TURN_SECRET"] = ground.secrets.turn
    return _room("signaling", f"signaling-{number}", settings)


def _ledger(ground: Ground) -> Program:
    settings = {
        "ILLICO_DATABASE_URL": ground.database_url,
        "ILLICO_REDIS_URL": ground.redis_url,
        "ILLICO_LEDGER_KEY": str(ground.ledger_key),
        "ILLICO_PORTAL_HOST": ground.portal_listen,
        "ILLICO_PORTAL_PORT": str(ground.ports.portal),
        "ILLICO_PORTAL_URL": ground.portal_url,
        **_tls(ground),
    }
    return _room("ledger", "ledger", settings)


def _tls(ground: Ground) -> dict[str, str]:
    if ground.certificate is None or ground.key is None:
        return {}
    return {
        "ILLICO_TLS_CERTIFICATE": str(ground.certificate),
        "ILLICO_TLS_KEY": str(ground.key),
    }
