"""What the environment says about the whole platform; the rooms read their own part."""

import os
from pathlib import Path
from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX: Final = "ILLICO_"

# Variables of programs that come with the platform but are no part of it.
OF_TOOLS: Final = frozenset({"ILLICO_SIGNING_CLIPS"})


class Settings(BaseSettings):
    """Read once, frozen; a value that `illico up` decides itself is not here."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True
    )

    data_dir: Path = Field(
        default=Path("var"),
        validation_alias="ILLICO_DATA_DIR",
        description="folder of everything that Illico writes on this machine",
    )
    redis_url: str | None = Field(
        default=None,
        validation_alias="ILLICO_REDIS_URL",
        pattern=r"^(redis|rediss|unix|rediss?\+sentinel)://",
        description="Redis or Valkey server; unset, an own Valkey is started",
    )
    database_url: str | None = Field(
        default=None,
        validation_alias="ILLICO_DATABASE_URL",
        description="SQL database; unset, SQLite in the data folder",
    )
    http_host: str = Field(
        default="127.0.0.1",
        validation_alias="ILLICO_HTTP_HOST",
        description="address that the callers' and agents' pages are served on",
    )
    portal_host: str = Field(
        default="127.0.0.1",
        validation_alias="ILLICO_PORTAL_HOST",
        description="address that the companies' portal is served on",
    )
    http_port: int = Field(
        default=8600,
        ge=1,
        le=65535,
        validation_alias="ILLICO_HTTP_PORT",
        description="TCP port of the callers' and agents' pages",
    )
    portal_port: int = Field(
        default=8601,
        ge=1,
        le=65535,
        validation_alias="ILLICO_PORTAL_PORT",
        description="TCP port of the companies' portal",
    )
    public_url: str | None = Field(
        default=None,
        validation_alias="ILLICO_PUBLIC_URL",
        description="address of the pages from outside, without a path",
    )
    portal_url: str | None = Field(
        default=None,
        validation_alias="ILLICO_PORTAL_URL",
        description="address of the portal from outside, without a path",
    )
    relay_udp_ports: str = Field(
        default="40000-40999",
        pattern=r"^\d{1,5}-\d{1,5}$",
        validation_alias="ILLICO_RELAY_UDP_PORTS",
        description="UDP ports of the media, shared out among the relays",
    )
    relay_address: str | None = Field(
        default=None,
        validation_alias="ILLICO_RELAY_ADDRESS",
        description="IP address that the relays tell to browsers",
    )
    ticket_secret: str | None = Field(
        default=None,
        min_length=32,
        validation_alias="ILLICO_TICKET_SECRET",
        description="signs callers' tickets; unset, the one in secrets.json",
    )
    relay_secret: str | None = Field(
        default=None,
        min_length=32,
        validation_alias="ILLICO_RELAY_SECRET",
        description="opens the relays' control channel; unset, the one in secrets.json",
    )
    ledger_key: Path | None = Field(
        default=None,
        validation_alias="ILLICO_LEDGER_KEY",
        description="PEM key that signs the daily heads; unset, ledger-key.pem",
    )
    spool_dir: Path | None = Field(
        default=None,
        validation_alias="ILLICO_SPOOL_DIR",
        description="folder of what happens while the queue is away; unset, spool/ in"
        " the data folder",
    )
    tls_certificate: Path | None = Field(
        default=None,
        validation_alias="ILLICO_TLS_CERTIFICATE",
        description="PEM certificate chain; unset, `--lan` makes one",
    )
    tls_key: Path | None = Field(
        default=None,
        validation_alias="ILLICO_TLS_KEY",
        description="PEM key of the certificate",
    )
    turn_urls: str | None = Field(
        default=None,
        validation_alias="ILLICO_TURN_URLS",
        description="TURN servers, separated by spaces",
    )
    turn_secret: str | None = Field(
        default=None,
        validation_alias="ILLICO_TURN_SECRET",
        description="shared with the TURN servers; unset, the one in secrets.json",
    )
    clips_dir: Path | None = Field(
        default=None,
        validation_alias="ILLICO_LSF_CLIPS_DIR",
        description="folder of the signed clips; unset, lsf/ in the data folder",
    )
    runtime_dir: Path | None = Field(
        default=None,
        validation_alias="XDG_RUNTIME_DIR",
        description="private folder for sockets whose path would be too long",
    )


def environment() -> dict[str, str]:
    """Copy the environment, which the children inherit."""
    return dict(os.environ)
