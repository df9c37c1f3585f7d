"""What can go wrong at the edge, who is to blame, and the stable code of each.

- `SignalingError`
    - `PeerError`: the peer broke the protocol: answered with the code, then closed
        - `HelloFirstError`, `HelloTimeoutError`, `UnsupportedVersionError`
        - `BadMessageError`, `NotForYouError`, `TooFastError`
    - `RefusedError`: the user may not: answered with the code, the socket stays
        - `UnknownServiceError`, `BadTicketError`, `UnknownCallError`
        - `AlreadyInCallError`, `NotSignedInError`, `NoConsoleError`
        - `SupersededError`, `BadRequestError`
        - `ForeignOriginError`, `PassedOnError` (a code of another room)
    - `FailedError`: we failed: logged, answered `internal` or `unavailable`
        - `UnavailableError`
"""

from typing import ClassVar


class SignalingError(Exception):
    """The root: every error of this package has a stable code."""

    code: ClassVar[str] = "internal"
    text: ClassVar[str] = "Une erreur est arrivée chez nous."


class PeerError(SignalingError):
    """The peer broke the protocol; the socket is closed after the answer."""

    close_code: ClassVar[int] = 4400


class HelloFirstError(PeerError):
    """The socket spoke before `hello`."""

    code = "hello_first"
    text = "Le premier message est hello."


class HelloTimeoutError(PeerError):
    """No `hello` came in time."""

    code = "hello_timeout"
    text = "Le message hello manque."
    close_code = 4408


class UnsupportedVersionError(PeerError):
    """The page and the server share no protocol version."""

    code = "unsupported_version"
    text = "Rechargez la page : elle est trop ancienne."


class BadMessageError(PeerError):
    """The bytes are no JSON, or no message of the protocol."""

    code = "bad_message"
    text = "Ce message est mal formé."


class NotForYouError(PeerError):
    """A caller sent an agent's message, or the other way round."""

    code = "not_for_you"
    text = "Ce message appartient à un autre rôle."


class TooFastError(PeerError):
    """More messages than any person or page needs."""

    code = "too_fast"
    text = "Trop de messages à la fois."
    close_code = 4429


class RefusedError(SignalingError):
    """The user may not; the socket stays."""


class UnknownServiceError(RefusedError):
    """No service has this address."""

    code = "unknown_service"
    text = "Ce service est inconnu."


class BadTicketError(RefusedError):
    """The ticket is forged, expired or of another platform."""

    code = "bad_ticket"
    text = "Ce ticket est périmé. Appelez de nouveau."


class UnknownCallError(RefusedError):
    """The message names a call that is not this socket's."""

    code = "unknown_call"
    text = "Cet appel est inconnu."


class AlreadyInCallError(RefusedError):
    """This socket already holds a live call."""

    code = "already_in_call"
    text = "Un appel est déjà en cours."


class NotSignedInError(RefusedError):
    """The console's session is missing or over."""

    code = "not_signed_in"
    text = "Connectez-vous d’abord."


class NoConsoleError(RefusedError):
    """The password is right, but this role has no page here yet."""

    code = "no_console"
    text = "La page des superviseurs arrive plus tard."


class SupersededError(RefusedError):
    """A newer window took over; this one goes quiet."""

    code = "superseded"
    text = "Une autre fenêtre a pris le relais."


class ForeignOriginError(RefusedError):
    """The socket or the form comes from another site."""

    code = "foreign_origin"
    text = "Cette page vient d’un autre site."


class BadRequestError(RefusedError):
    """A form that is not what the endpoint asks for."""

    code = "bad_request"
    text = "Cette demande est mal formée."


class PassedOnError(RefusedError):
    """A refusal of another room (queue, relay, accounts), under its own code."""

    text = "Cette demande est refusée."

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code  # type: ignore[misc]  # the one error whose code varies


class FailedError(SignalingError):
    """We failed; the traceback is logged, the user hears `internal`."""


class UnavailableError(FailedError):
    """The queue or the relay does not answer for now."""

    code = "unavailable"
    text = "Le service se rétablit. Nous réessayons."
