"""What the environment says to the queue's sweeper."""

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from queueing.model import Durations
from queueing.urls import read_place


class Settings(BaseSettings):
    """Read once, at the start; a bad value ends it."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    redis_url: str = Field(
        default="redis://localhost:6379/0",
        repr=False,
        validation_alias="ILLICO_REDIS_URL",
        description="The Redis or Valkey server that holds the queue, or its Sentinels.",
    )
    pool: str = Field(
        default="fr",
        validation_alias="ILLICO_QUEUE_POOL",
        pattern=r"^[a-z0-9-]{1,32}$",
        description="Which queue: callers and agents of different pools never meet.",
    )
    sweep_interval_ms: int = Field(
        default=200,
        validation_alias="ILLICO_SWEEP_INTERVAL_MS",
        ge=20,
        le=2_000,
        description="How often leases that are due are ended, in milliseconds.",
    )
    metrics_listen: str | None = Field(
        default=None,
        validation_alias="ILLICO_QUEUE_METRICS_LISTEN",
        pattern=r"^(unix:/.+|tcp://[^:/]+:\d{1,5})$",
        description="Where Prometheus reads the queue's figures: unix:/path or"
        " tcp://host:port; unset, nowhere.",
    )
    offer_seconds: float = Field(
        default=15,
        validation_alias="ILLICO_OFFER_SECONDS",
        ge=0.1,
        le=120,
        description="How long a call rings at one agent.",
    )
    connect_seconds: float = Field(
        default=10,
        validation_alias="ILLICO_CONNECT_SECONDS",
        ge=0.1,
        le=120,
        description="How long after the accept the first frame may take.",
    )
    first_words_seconds: float = Field(
        default=60,
        validation_alias="ILLICO_FIRST_WORDS_SECONDS",
        ge=0.1,
        le=600,
        description="The same for a text call: the agent's first own words.",
    )
    caller_grace_seconds: float = Field(
        default=120,
        validation_alias="ILLICO_CALLER_GRACE_SECONDS",
        ge=0.1,
        le=3_600,
        description="How long a caller lost while waiting keeps T0.",
    )
    talk_grace_seconds: float = Field(
        default=30,
        validation_alias="ILLICO_TALK_GRACE_SECONDS",
        ge=0.1,
        le=3_600,
        description="How long an agent waits for a caller lost in a call.",
    )
    agent_grace_seconds: float = Field(
        default=10,
        validation_alias="ILLICO_AGENT_GRACE_SECONDS",
        ge=0.1,
        le=600,
        description="How long a caller waits for an agent lost in a call.",
    )
    wrap_up_seconds: float = Field(
        default=60,
        validation_alias="ILLICO_WRAP_UP_SECONDS",
        ge=0.1,
        le=3_600,
        description="How long an agent's notes may take before the next call.",
    )
    server_lease_seconds: float = Field(
        default=4,
        validation_alias="ILLICO_SERVER_LEASE_SECONDS",
        ge=0.1,
        le=60,
        description="How long a signaling server lives without a heartbeat.",
    )
    pair_rest_seconds: float = Field(
        default=30,
        validation_alias="ILLICO_PAIR_REST_SECONDS",
        ge=0.1,
        le=3_600,
        description="How long an agent is not asked again for a call that they refused"
        " or missed.",
    )
    prefer_seconds: float = Field(
        default=10,
        validation_alias="ILLICO_PREFER_SECONDS",
        ge=0.1,
        le=120,
        description="How long a caller who asks for an agent waits for that one alone.",
    )
    only_seconds: float = Field(
        default=30,
        validation_alias="ILLICO_ONLY_SECONDS",
        ge=0.1,
        le=600,
        description="How long a call that is passed to one agent waits for that one alone.",
    )
    call_back_seconds: float = Field(
        default=1800,
        validation_alias="ILLICO_CALL_BACK_SECONDS",
        ge=0.1,
        le=86_400,
        description="How long a call-back keeps its place.",
    )
    summon_seconds: float = Field(
        default=45,
        validation_alias="ILLICO_SUMMON_SECONDS",
        ge=0.1,
        le=600,
        description="How long an accepted call-back waits for its caller.",
    )
    agent_rest_seconds: float = Field(
        default=60,
        validation_alias="ILLICO_AGENT_REST_SECONDS",
        ge=0.1,
        le=3_600,
        description="How long an independent agent rests after three missed offers.",
    )
    difficult_cool_down_seconds: float = Field(
        default=0,
        validation_alias="ILLICO_DIFFICULT_COOL_DOWN_SECONDS",
        ge=0,
        le=3_600,
        description="How long an agent rests after a difficult call, at least.",
    )

    settle_seconds: float = Field(
        default=2,
        validation_alias="ILLICO_SETTLE_SECONDS",
        ge=0.1,
        le=2,
        description="How long, after a restart or a failover of the server, nobody is"
        " offered a call until all signaling servers have presented their people.",
    )

    @field_validator("redis_url")
    @classmethod
    def _names_a_server(cls, value: str) -> str:
        read_place(value)
        return value

    @property
    def durations(self) -> Durations:
        """What the sweeper writes into the pool."""
        return Durations(
            offer=self.offer_seconds,
            connect=self.connect_seconds,
            first_words=self.first_words_seconds,
            caller_grace=self.caller_grace_seconds,
            talk_grace=self.talk_grace_seconds,
            agent_grace=self.agent_grace_seconds,
            wrap_up=self.wrap_up_seconds,
            server_lease=self.server_lease_seconds,
            pair_rest=self.pair_rest_seconds,
            settle=self.settle_seconds,
            prefer=self.prefer_seconds,
            only=self.only_seconds,
            call_back=self.call_back_seconds,
            summon=self.summon_seconds,
            agent_rest=self.agent_rest_seconds,
            difficult_cool_down=self.difficult_cool_down_seconds,
        )
