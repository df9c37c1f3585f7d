"""The words between a page and the server: one class a message, two closed unions.

Every message is a JSON object whose ``type`` names its class. Unknown types, unknown
fields and wrong values are refused at the edge (`bad_message`), so that past it every
value is already right. ``README.md`` in the folder above tells the protocol to an
outsider.
"""

from typing import Final

import msgspec

from signaling.protocol.from_page import (
    Accept,
    AgentAway,
    AgentBreak,
    AgentReady,
    Attention,
    BlankFrame,
    CallRequest,
    ClientMessage,
    ComeBack,
    EyeConsent,
    FirstFrame,
    HangUp,
    Hello,
    LeaveAnotherWay,
    LegOffer,
    LegWish,
    MediaLost,
    NotUnderstood,
    Ping,
    Rate,
    Refuse,
    Resume,
    Text,
    TextShown,
    TransferChoices,
    TransferToAgent,
    TransferToService,
    Visibility,
    WrapUpDone,
)
from signaling.protocol.from_server import (
    AgentCall,
    AgentFound,
    AgentState,
    AttentionFrom,
    CalledBackLater,
    Closed,
    Colleague,
    Connecting,
    Ended,
    IceServer,
    IceServers,
    InCall,
    LegAnswer,
    LegLost,
    Offer,
    OfferEnded,
    OverflowOffered,
    Peer,
    Pong,
    Problem,
    Requeued,
    ServerMessage,
    ServiceChoice,
    Summoned,
    TextFrom,
    Ticket,
    Topic,
    TransferOffer,
    Verdict,
    Waiting,
    Welcome,
)
from signaling.protocol.words import (
    AgentStatus,
    ClosedReason,
    Face,
    Legibility,
    LegWhy,
    Message,
    Presence,
    Speaker,
)

__all__ = [
    "MAX_MESSAGE_BYTES",
    "PROTOCOL_VERSION",
    "Accept",
    "AgentAway",
    "AgentBreak",
    "AgentCall",
    "AgentFound",
    "AgentReady",
    "AgentState",
    "AgentStatus",
    "Attention",
    "AttentionFrom",
    "BlankFrame",
    "CallRequest",
    "CalledBackLater",
    "ClientMessage",
    "Closed",
    "ClosedReason",
    "Colleague",
    "ComeBack",
    "Connecting",
    "Ended",
    "EyeConsent",
    "Face",
    "FirstFrame",
    "HangUp",
    "Hello",
    "IceServer",
    "IceServers",
    "InCall",
    "LeaveAnotherWay",
    "LegAnswer",
    "LegLost",
    "LegOffer",
    "LegWhy",
    "LegWish",
    "Legibility",
    "MediaLost",
    "Message",
    "NotUnderstood",
    "Offer",
    "OfferEnded",
    "OverflowOffered",
    "Peer",
    "Ping",
    "Pong",
    "Presence",
    "Problem",
    "Rate",
    "Refuse",
    "Requeued",
    "Resume",
    "ServerMessage",
    "ServiceChoice",
    "Speaker",
    "Summoned",
    "Text",
    "TextFrom",
    "TextShown",
    "Ticket",
    "Topic",
    "TransferChoices",
    "TransferOffer",
    "TransferToAgent",
    "TransferToService",
    "Verdict",
    "Visibility",
    "Waiting",
    "Welcome",
    "WrapUpDone",
    "decode",
    "encode",
]

PROTOCOL_VERSION: Final = 1
MAX_MESSAGE_BYTES: Final = 64 * 1024

_decoder: Final[msgspec.json.Decoder[ClientMessage]] = msgspec.json.Decoder(
    ClientMessage
)
_encoder: Final = msgspec.json.Encoder()


def decode(data: str | bytes) -> ClientMessage:
    """Read one message of a page.

    Raises:
        msgspec.DecodeError: the bytes are no JSON, or no message of the union.

    """
    try:
        return _decoder.decode(data)
    except RecursionError as error:
        raise msgspec.DecodeError("nested too deep") from error


def encode(message: ServerMessage) -> str:
    """Write one message for a page."""
    return _encoder.encode(message).decode()
