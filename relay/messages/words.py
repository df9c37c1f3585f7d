"""What the messages between a signaling process and a relay are made of."""

import re
from enum import StrEnum
from typing import Annotated, Final

import msgspec

PROTOCOL_VERSION: Final = 1
MAX_MESSAGE_BYTES: Final = 96 * 1024
MAX_SDP_CHARACTERS: Final = 32_768
UNSHOWN: Final = frozenset({"secret", "sdp", "body", "grant"})
"""Fields that no log and no traceback may show."""

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=96)]
Token = Annotated[int, msgspec.Meta(ge=0)]
GrantText = Annotated[str, msgspec.Meta(max_length=4096)]
Sdp = Annotated[str, msgspec.Meta(max_length=MAX_SDP_CHARACTERS)]


class Role(StrEnum):
    """What somebody is in a call."""

    CALLER = "caller"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    EXPERT = "expert"
    TRAINEE = "trainee"


class LegCondition(StrEnum):
    """How a media leg is."""

    CONNECTED = "connected"
    LOST = "lost"
    FAILED = "failed"
    CLOSED = "closed"


def _tag(name: str) -> str:
    """Turn ``OpenLeg`` into ``open_leg``, the word on the wire."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Message(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag_field="type",
    tag=_tag,
):
    """What every message shares: it is frozen, closed and named on the wire."""

    def __repr__(self) -> str:
        """Show the facts, but no secret, no SDP and no word of anybody."""
        facts = (
            f"{name}={'…' if name in UNSHOWN else repr(getattr(self, name))}"
            for name in self.__struct_fields__
        )
        return f"{type(self).__name__}({', '.join(facts)})"
