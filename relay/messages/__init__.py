"""The words between a signaling process and a relay: closed unions, one class a message.

One WebSocket at ``/control`` carries them as JSON text. First comes `Hello`, answered by
`Welcome` or by `Refused` and the end. Then each `Request` is answered by exactly one of
`Done`, `Answered`, `Figures` and `Refused` with the same ``n``, and events come whenever they happen.
"""

from typing import Final, TypeVar

import msgspec

from relay.messages.from_relay import (
    Answered,
    ChannelBack,
    ChannelLost,
    ChannelRefused,
    Content,
    Done,
    Event,
    EyeCounted,
    EyeVerdict,
    Figures,
    FromRelay,
    KeyFrameDelivered,
    KeyFrameForwarded,
    LegFigures,
    LegState,
    LineOf,
    Load,
    Refused,
    Reply,
    Welcome,
)
from relay.messages.to_relay import (
    Claim,
    CloseCall,
    CloseLeg,
    Command,
    Hello,
    KeyFrame,
    OpenLeg,
    Pace,
    Pause,
    Request,
    Revoke,
    Route,
    Say,
    Stats,
    ToRelay,
    Watch,
)
from relay.messages.words import (
    MAX_MESSAGE_BYTES,
    MAX_SDP_CHARACTERS,
    PROTOCOL_VERSION,
    UNSHOWN,
    LegCondition,
    Message,
    Role,
)

__all__ = [
    "MAX_MESSAGE_BYTES",
    "MAX_SDP_CHARACTERS",
    "PROTOCOL_VERSION",
    "UNSHOWN",
    "Answered",
    "ChannelBack",
    "ChannelLost",
    "ChannelRefused",
    "Claim",
    "CloseCall",
    "CloseLeg",
    "Command",
    "Content",
    "Done",
    "Event",
    "EyeCounted",
    "EyeVerdict",
    "Figures",
    "FromRelay",
    "Hello",
    "KeyFrame",
    "KeyFrameDelivered",
    "KeyFrameForwarded",
    "LegCondition",
    "LegFigures",
    "LegState",
    "LineOf",
    "Load",
    "Message",
    "OpenLeg",
    "Pace",
    "Pause",
    "Refused",
    "Reply",
    "Request",
    "Revoke",
    "Role",
    "Route",
    "Say",
    "Stats",
    "ToRelay",
    "Watch",
    "Welcome",
    "decode_for_relay",
    "decode_from_relay",
    "encode",
]

_Read = TypeVar("_Read")
_to_relay: Final[msgspec.json.Decoder[ToRelay]] = msgspec.json.Decoder(ToRelay)
_from_relay: Final[msgspec.json.Decoder[FromRelay]] = msgspec.json.Decoder(FromRelay)
_encoder: Final = msgspec.json.Encoder()


def decode_for_relay(data: str | bytes) -> ToRelay:
    """Read a message of a signaling process.

    Raises:
        msgspec.DecodeError: it is no JSON, or no message of the union.

    """
    return _read(_to_relay, data)


def decode_from_relay(data: str | bytes) -> FromRelay:
    """Read a message of a relay.

    Raises:
        msgspec.DecodeError: it is no JSON, or no message of the union.

    """
    return _read(_from_relay, data)


def _read(decoder: "msgspec.json.Decoder[_Read]", data: str | bytes) -> _Read:
    try:
        return decoder.decode(data)
    except RecursionError as error:
        raise msgspec.DecodeError("nested too deep") from error


def encode(message: ToRelay | FromRelay) -> str:
    """Write a message."""
    return _encoder.encode(message).decode()
