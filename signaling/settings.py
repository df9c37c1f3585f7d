"""What the environment says to a signaling process: read once, all errors at once."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from accounts.proxies import TrustedProxies


class Settings(BaseSettings):
    """One frozen object per process."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    http_host: str = Field(
        "127.0.0.1",
        validation_alias="ILLICO_HTTP_HOST",
        description="address that pages and sockets are served on",
    )
    http_port: int = Field(
        8600,
        ge=1,
        le=65535,
        validation_alias="ILLICO_HTTP_PORT",
        description="port that pages and sockets are served on",
    )
    public_url: str = Field(
        "http://localhost:8600",
        pattern=r"^https?://[^/\s]+$",
        validation_alias="ILLICO_PUBLIC_URL",
        description="origin that browsers see; sockets from other origins are refused",
    )
    server_id: str = Field(
        "s1",
        pattern=r"^[A-Za-z0-9_-]{1,32}$",
        validation_alias="ILLICO_SERVER_ID",
        description="name of this process in the queue; unique in the pool",
    )
    redis_url: str = Field(
        "redis://127.0.0.1:6379",
        repr=False,
        validation_alias="ILLICO_REDIS_URL",
        description="Redis or Valkey of the queue",
    )
    queue_pool: str = Field(
        "fr",
        pattern=r"^[a-z0-9-]{1,32}$",
        validation_alias="ILLICO_QUEUE_POOL",
        description="pool of agents and services that this process serves",
    )
    database_url: str = Field(
        "sqlite+aiosqlite:///var/illico.sqlite3",
        repr=False,
        validation_alias="ILLICO_DATABASE_URL",
        description="SQL database of accounts and ledger",
    )
    spool_dir: Path = Field(
        Path("var/spool"),
        validation_alias="ILLICO_SPOOL_DIR",
        description="folder for what happens while the queue is away",
    )
    session_hours: int = Field(
        12,
        ge=1,
        le=168,
        validation_alias="ILLICO_SESSION_HOURS",
        description="how long an agent stays signed in",
    )
    relays: str = Field(
        "r1=tcp://127.0.0.1:8610",
        validation_alias="ILLICO_RELAYS",
        description="media relays as `id=address`, separated by spaces",
    )
    relay_secret: str = Field(
        min_length=32,
        repr=False,
        validation_alias="ILLICO_RELAY_SECRET",
        description="what a signaling process proves itself with to a relay",
    )
    relay_authority: Path | None = Field(
        None,
        validation_alias="ILLICO_RELAY_AUTHORITY",
        description="PEM certificates of who signs those of relays at `tls://`; unset, "
        "the system's",
    )
    ticket_secret: str = Field(
        min_length=32,
        repr=False,
        validation_alias="ILLICO_TICKET_SECRET",
        description="key that signs callers' tickets; the same for all processes",
    )
    trusted_proxies: str = Field(
        "",
        validation_alias="ILLICO_TRUSTED_PROXIES",
        description="networks of the proxies in front of us, separated by spaces;"
        " their word for where a request comes from is believed",
    )
    turn_urls: str = Field(
        "",
        validation_alias="ILLICO_TURN_URLS",
        description="TURN servers for browsers, separated by spaces; empty for none",
    )
    turn_secret: str = Field(
        "",
        repr=False,
        validation_alias="ILLICO_TURN_SECRET",
        description="coturn's `static-auth-secret`, for short-lived credentials",
    )
    lsf_clips_dir: Path = Field(
        Path("lsf"),
        validation_alias="ILLICO_LSF_CLIPS_DIR",
        description="folder of signed clips, `<key>.webm`, filled by the operator",
    )
    tls_certificate: Path | None = Field(
        None,
        validation_alias="ILLICO_TLS_CERTIFICATE",
        description="PEM certificate chain; with it, HTTPS",
    )
    tls_key: Path | None = Field(
        None,
        validation_alias="ILLICO_TLS_KEY",
        description="PEM key of the certificate",
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_networks(cls, value: str) -> str:
        TrustedProxies.parse(value)
        return value

    @field_validator("relays")
    @classmethod
    def _relays_are_named(cls, value: str) -> str:
        pairs = [part.partition("=") for part in value.split()]
        names = [name for name, _, _ in pairs]
        for name, _, address in pairs:
            if not name or urlsplit(address).scheme not in {"unix", "tcp", "tls"}:
                raise ValueError(
                    "write each relay as id=unix:/path, id=tcp://host:port or"
                    " id=tls://host:port"
                )
        if not names or len(set(names)) != len(names):
            raise ValueError("name at least one relay, and each only once")
        return value

    @model_validator(mode="after")
    def _pairs_are_whole(self) -> "Settings":
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError(
                "ILLICO_TLS_CERTIFICATE and ILLICO_TLS_KEY need each other"
            )
        if self.turn_urls and not self.turn_secret:
            raise ValueError("ILLICO_TURN_URLS needs ILLICO_TURN_SECRET")
        return self

    @property
    def proxies(self) -> TrustedProxies:
        """Whose word is believed for where a request comes from."""
        return TrustedProxies.parse(self.trusted_proxies)

    @property
    def relay_addresses(self) -> dict[str, str]:
        """Each relay's control address by its id, in the order given."""
        return {
            name: address
            for name, _, address in (
                part.partition("=") for part in self.relays.split()
            )
        }
