"""Who is to blame when a relay cannot do as told; the codes are part of the protocol."""

from collections.abc import Iterator
from traceback import extract_tb
from typing import ClassVar

from structlog.typing import ExcInfo


class RelayError(Exception):
    """Everything that goes wrong in this room."""

    code: ClassVar[str]


class PeerError(RelayError):
    """The other process broke the protocol: it hears the code, then the channel ends."""


class BadMessageError(PeerError):
    """The bytes are no message of the protocol."""

    code = "bad_message"


class HelloFirstError(PeerError):
    """The first message was no `Hello`, or a second one came."""

    code = "hello_first"


class UnknownVersionError(PeerError):
    """The two speak no common version."""

    code = "unknown_version"


class WrongSecretError(PeerError):
    """The proof is not the one that this relay knows."""

    code = "wrong_secret"


class RefusedError(RelayError):
    """The other process may not do this: it hears the code, the channel stays."""


class BadSdpError(RefusedError):
    """The offer is no SDP that a browser would send."""

    code = "bad_sdp"


class NoVideoError(RefusedError):
    """The offer has no VP8 video, and without pictures nobody signs."""

    code = "no_video"


class IceRestartError(RefusedError):
    """The offer restarts ICE: a new leg does that here."""

    code = "ice_restart"


class StaleTokenError(RefusedError):
    """A newer token rules this call."""

    code = "stale_token"


class UnknownParticipantError(RefusedError):
    """The call has no such participant here."""

    code = "unknown_participant"


class NoGrantError(RefusedError):
    """Nobody watches a call unseen without a grant that lives."""

    code = "no_grant"


class BadGrantError(RefusedError):
    """The grant is not genuine, not for this, or over."""

    code = "bad_grant"


class UnseenError(RefusedError):
    """Who watches unseen says nothing."""

    code = "unseen"


class OtherIncarnationError(RefusedError):
    """The command was meant for an earlier life of this relay."""

    code = "other_incarnation"


class FullError(RefusedError):
    """Every UDP port of the relay is taken."""

    code = "full"


class DrainingError(RefusedError):
    """The relay ends and takes no new calls."""

    code = "draining"


class FailedError(RelayError):
    """We failed: the traceback is logged, the other process hears the code."""

    code = "internal"


class NoAddressError(FailedError):
    """The machine has no network address that a browser could reach."""

    code = "no_address"


class UnreachableError(FailedError):
    """The relay does not answer (raised by the client)."""

    code = "relay_unreachable"


def _leaves(kind: type[RelayError]) -> list[type[RelayError]]:
    below = kind.__subclasses__()
    return [kind, *(leaf for sub in below for leaf in _leaves(sub))]


def error_of(code: str, text: str) -> RelayError:
    """Make the error again that a relay named by its code."""
    for kind in _leaves(RelayError):
        if getattr(kind, "code", None) == code:
            return kind(text)
    return FailedError(f"{code}: {text}")


def place_of(exc_info: ExcInfo) -> str:
    """Tell the kinds and places of an error and of those behind it.

    Their messages are left out: they may quote an SDP, a word or a secret.
    """
    return " < ".join(
        " ".join(
            [
                type(error).__qualname__,
                *(f"{f.filename}:{f.lineno}" for f in extract_tb(error.__traceback__)),
            ]
        )
        for error in _behind(exc_info[1], set())
    )


def _behind(error: BaseException | None, told: set[int]) -> Iterator[BaseException]:
    if error is None or id(error) in told:
        return
    told.add(id(error))
    yield error
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for other in (*parts, error.__cause__, error.__context__):
        yield from _behind(other, told)
