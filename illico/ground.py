"""Prepares what the plan stands on: secrets, sockets, ports, a certificate."""

import secrets as randomness
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from illico import certificate, folder, lan, ports, secret_words, valkey
from illico.errors import BadEnvironmentError, NoLanAddressError, SecretsUnreadableError
from illico.folder import DataFolder
from illico.plan import Ground
from illico.ports import Ports
from illico.secret_words import Secrets
from illico.settings import Settings
from ledger.keys import SigningKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the person at the terminal asks for."""

    is_lan: bool = False
    signaling: int = 1
    relays: int = 1
    port: int | None = None
    portal_port: int | None = None
    is_demo: bool | None = None  # None: only in our own database


def prepare(data: DataFolder, settings: Settings, wishes: Wishes) -> Ground:
    """Check and make all that the children will stand on; nothing is started.

    Raises:
        RefusedError: something that was asked for cannot be had.
    """
    listen = "0.0.0.0" if wishes.is_lan else settings.http_host  # noqa: S104 - asked for
    portal = "0.0.0.0" if wishes.is_lan else settings.portal_host  # noqa: S104
    chosen = _ports(settings, wishes, listen)
    reached = lan.addresses() if wishes.is_lan else []
    if wishes.is_lan and not any(lan.is_ipv4(each) for each in reached):
        raise NoLanAddressError
    tls, key = settings.tls_certificate, settings.tls_key
    if wishes.is_lan and tls is None:
        tls, key = _certificate(data, reached)
    sockets = folder.socket_folder(
        data,
        runtime=settings.runtime_dir,
        temporary=Path(tempfile.gettempdir()),
    )
    return Ground(
        redis_url=settings.redis_url or valkey.url(sockets),
        database_url=settings.database_url or data.database_url,
        sockets=sockets,
        clips=settings.clips_dir or data.clips,
        spool=settings.spool_dir or data.spool,
        ledger_key=settings.ledger_key or _ledger_key(data),
        ports=chosen,
        udp_ports=_udp_ports(settings, wishes.relays),
        secrets=_secrets(data, settings),
        listen=listen,
        portal_listen=portal,
        host=reached[0] if reached else "localhost",
        certificate=tls,
        key=key,
        has_own_certificate=tls is not None and settings.tls_certificate is None,
        relay_address=settings.relay_address or (reached[0] if reached else None),
        own_url=settings.public_url,
        own_portal_url=settings.portal_url,
        has_turn=bool(settings.turn_urls),
    )


def _ports(settings: Settings, wishes: Wishes, listen: str) -> Ports:
    return ports.choose(
        wishes.port or settings.http_port,
        wishes.portal_port or settings.portal_port,
        signaling=wishes.signaling,
        is_free=lambda port: ports.is_free(listen, port),
        any_free=lambda: ports.any_free(listen),
    )


def _udp_ports(settings: Settings, relays: int) -> tuple[str, ...]:
    try:
        return tuple(ports.share_out(settings.relay_udp_ports, relays))
    except ValueError as error:
        raise BadEnvironmentError([f"ILLICO_RELAY_UDP_PORTS: {error}"]) from error


def _secrets(data: DataFolder, settings: Settings) -> Secrets:
    """Read the secrets, make the missing ones; the environment's come first."""
    known = _kept_secrets(data.secrets)
    kept = secret_words.complete(known, lambda: randomness.token_urlsafe(32))
    if not data.secrets.exists() or len(known) < len(Secrets.__slots__):
        folder.write_private(data.secrets, secret_words.to_text(kept))
    return Secrets(
        ticket=settings.ticket_secret or kept.ticket,
        relay=settings.relay_secret or kept.relay,
        turn=settings.turn_secret or kept.turn,
    )


def _ledger_key(data: DataFolder) -> Path:
    """Keep the key that signs the daily heads; a lost one is never replaced unasked."""
    if not data.ledger_key.exists():
        folder.write_private(data.ledger_key, SigningKey.made().pem())
    return data.ledger_key


def _kept_secrets(file: Path) -> dict[str, str]:
    try:
        return secret_words.from_text(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SecretsUnreadableError(file, str(error)) from error


def _certificate(data: DataFolder, reached: Sequence[str]) -> tuple[Path, Path]:
    """Keep the stored certificate while it is good; else store a new one."""
    names = certificate.names_of(lan.host_name(), reached)
    file, key = data.tls / "certificate.pem", data.tls / "key.pem"
    now = datetime.now(UTC)
    stored = file.read_bytes() if file.exists() and key.exists() else b""
    if not certificate.is_good(stored, names, now):
        pem, key_pem = certificate.make(names, now)
        file.unlink(missing_ok=True)  # never a certificate beside another's key
        folder.write_private(key, key_pem.decode("ascii"))
        folder.write_private(file, pem.decode("ascii"))
    return file, key
