"""What the environment says about accounts."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read once, where a process starts; all errors at once."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: str = Field(
        validation_alias="ILLICO_DATABASE_URL",
        min_length=1,
        description="where the accounts are kept: "
        "sqlite+aiosqlite:////folder/file or postgresql+asyncpg://user@host/name",
    )
    session_hours: int = Field(
        default=12,
        validation_alias="ILLICO_SESSION_HOURS",
        ge=1,
        le=168,
        description="how long somebody stays signed in, in hours",
    )
