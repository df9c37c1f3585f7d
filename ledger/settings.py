"""What the environment says to the ledger's process: read once, all errors at once."""

from pathlib import Path

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from accounts.proxies import TrustedProxies


class Settings(BaseSettings):
    """One frozen object per process."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: str = Field(
        "sqlite+aiosqlite:///var/illico.sqlite3",
        repr=False,
        validation_alias="ILLICO_DATABASE_URL",
        description="SQL database of accounts and ledger",
    )
    redis_url: str = Field(
        "redis://127.0.0.1:6379",
        repr=False,
        validation_alias="ILLICO_REDIS_URL",
        description="Redis or Valkey that holds the ledger's stream",
    )
    queue_pool: str = Field(
        "fr",
        pattern=r"^[a-z0-9-]{1,32}$",
        validation_alias="ILLICO_QUEUE_POOL",
        description="pool whose events this process chains",
    )
    ledger_key: Path | None = Field(
        None,
        validation_alias="ILLICO_LEDGER_KEY",
        description="PEM of the Ed25519 key that signs each company's daily head",
    )
    session_hours: int = Field(
        12,
        ge=1,
        le=168,
        validation_alias="ILLICO_SESSION_HOURS",
        description="hours until a viewer signs in again",
    )
    portal_host: str = Field(
        "127.0.0.1",
        validation_alias="ILLICO_PORTAL_HOST",
        description="address that the portal is served on",
    )
    portal_port: int = Field(
        8601,
        ge=1,
        le=65535,
        validation_alias="ILLICO_PORTAL_PORT",
        description="port that the portal is served on",
    )
    portal_url: str = Field(
        "http://localhost:8601",
        pattern=r"^https?://[^/]+$",
        validation_alias="ILLICO_PORTAL_URL",
        description="origin that browsers see; forms from other origins are refused",
    )
    trusted_proxies: str = Field(
        "",
        validation_alias="ILLICO_TRUSTED_PROXIES",
        description="networks of the proxies in front of us, separated by spaces;"
        " their word for where a request comes from is believed",
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

    @property
    def proxies(self) -> TrustedProxies:
        """Whose word is believed for where a request comes from."""
        return TrustedProxies.parse(self.trusted_proxies)

    @model_validator(mode="after")
    def _pairs_are_whole(self) -> "Settings":
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError(
                "ILLICO_TLS_CERTIFICATE and ILLICO_TLS_KEY need each other",
            )
        return self
