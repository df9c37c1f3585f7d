"""What the environment says to a relay process."""

from pathlib import Path
from typing import Self

from pydantic import Field, IPvAnyAddress, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MODEL = Path(__file__).parent / "eye" / "vendor" / "hand_landmarker.task"


class Settings(BaseSettings):
    """Read once, at start; a bad environment ends the start."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    relay: str = Field(
        "r1",
        validation_alias="ILLICO_RELAY_ID",
        pattern=r"^[A-Za-z0-9_.-]{1,32}$",
        description="this relay's name, unique on the platform",
    )
    listen: str = Field(
        validation_alias="ILLICO_RELAY_LISTEN",
        pattern=r"^(unix:/.+|(tcp|tls)://[^:/]+:\d{1,5})$",
        description="where signaling processes reach it: unix:/path, tcp://host:port or,"
        " from other machines, tls://host:port",
    )
    secret: str = Field(
        validation_alias="ILLICO_RELAY_SECRET",
        min_length=32,
        max_length=512,
        repr=False,
        description="what a signaling process proves itself with",
    )
    tls_certificate: Path | None = Field(
        None,
        validation_alias="ILLICO_TLS_CERTIFICATE",
        description="PEM certificate chain of a control channel over TLS",
    )
    tls_key: Path | None = Field(
        None,
        validation_alias="ILLICO_TLS_KEY",
        description="PEM key of the certificate",
    )
    udp_ports: str = Field(
        "40000-40999",
        validation_alias="ILLICO_RELAY_UDP_PORTS",
        pattern=r"^\d{1,5}-\d{1,5}$",
        description="the UDP ports of media, one or more for each leg",
    )
    address: IPvAnyAddress | None = Field(
        None,
        validation_alias="ILLICO_RELAY_ADDRESS",
        description="the IP address that browsers reach, where it is not the machine's",
    )
    drain_seconds: float = Field(
        20.0,
        validation_alias="ILLICO_RELAY_DRAIN_SECONDS",
        ge=0,
        le=3600,
        description="how long after SIGTERM the calls have to move to other relays",
    )
    eye_workers: int = Field(
        1,
        validation_alias="ILLICO_EYE_WORKERS",
        ge=0,
        le=64,
        description="worker processes of the eye; 0 for a relay without one",
    )
    eye_model: Path = Field(
        MODEL,
        validation_alias="ILLICO_EYE_MODEL",
        description="the hand model that the eye loads",
    )

    @model_validator(mode="after")
    def _ports_are_a_range(self) -> Self:
        first, last = self.port_range
        if not 1024 <= first <= last <= 65535:
            raise ValueError("ILLICO_RELAY_UDP_PORTS must be first-last, from 1024 up")
        return self

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Self:
        if self.listen.startswith("tls://") and not (
            self.tls_certificate and self.tls_key
        ):
            raise ValueError(
                "ILLICO_RELAY_LISTEN over tls:// needs ILLICO_TLS_CERTIFICATE and"
                " ILLICO_TLS_KEY"
            )
        return self

    @property
    def port_range(self) -> tuple[int, int]:
        """First and last UDP port."""
        first, _, last = self.udp_ports.partition("-")
        return int(first), int(last)

    @property
    def advertised(self) -> str | None:
        """The advertised address as text."""
        return str(self.address) if self.address is not None else None
