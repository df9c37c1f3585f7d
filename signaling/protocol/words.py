"""The words that messages are made of: whose, how, in which state, and within bounds."""

import re
from enum import StrEnum
from typing import Annotated

import msgspec

from queueing.model import AgentId, CallId, ServiceId, TopicId, VariantId

Token = Annotated[int, msgspec.Meta(ge=1)]
Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=86_400_000)]
RequestId = Annotated[str, msgspec.Meta(min_length=16, max_length=64)]
CallRef = Annotated[CallId, msgspec.Meta(min_length=1, max_length=64)]
LegRef = Annotated[str, msgspec.Meta(min_length=8, max_length=64)]
Sdp = Annotated[str, msgspec.Meta(min_length=1, max_length=32_768)]
ServiceSlug = Annotated[ServiceId, msgspec.Meta(pattern=r"^[a-z0-9-]{1,64}\Z")]
TopicSlug = Annotated[TopicId, msgspec.Meta(pattern=r"^[a-z0-9-]{1,64}\Z")]
VariantSlug = Annotated[VariantId, msgspec.Meta(pattern=r"^[a-z0-9_-]{1,64}\Z")]
AgentRef = Annotated[AgentId, msgspec.Meta(pattern=r"^[A-Za-z0-9_.:@-]{1,64}\Z")]
Signed = Annotated[str, msgspec.Meta(min_length=16, max_length=2048)]


class Face(StrEnum):
    """The caller's three signed answers after a call."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"


class Speaker(StrEnum):
    """Whose words, picture or gesture it is."""

    CALLER = "caller"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    EXPERT = "expert"
    TRAINEE = "trainee"


class Presence(StrEnum):
    """What one side is told about the other."""

    HERE = "here"
    RECONNECTING = "reconnecting"
    ADJUSTING = "adjusting"
    HIDDEN = "hidden"


class LegWhy(StrEnum):
    """Why a page must make a new leg."""

    SILENT = "silent"
    RELAY_GONE = "relay_gone"
    RELAY_LEAVES = "relay_leaves"
    NO_RELAY = "no_relay"


class AgentStatus(StrEnum):
    """What an agent's own console shows."""

    AWAY = "away"
    READY = "ready"
    RINGING = "ringing"
    CONNECTING = "connecting"
    IN_CALL = "in_call"
    WRAP_UP = "wrap_up"
    BREAK = "break"


class ClosedReason(StrEnum):
    """Why a service is closed at an hour at which it would else be open."""

    HOLIDAY = "holiday"


class Legibility(StrEnum):
    """The eye's verdict over its window, or that it cannot confirm its advice."""

    LEGIBLE = "legible"
    AT_RISK = "at_risk"
    LOST = "lost"
    UNJUDGED = "unjudged"


def _tag(name: str) -> str:
    """Turn ``CallRequest`` into ``call_request``, the word on the wire."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Message(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag_field="type",
    tag=_tag,
):
    """What every message shares: it is frozen, closed and named on the wire."""
