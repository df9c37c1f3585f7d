"""What can go wrong at the queue's door, and whose fault it is.

- `QueueError`
  - `PeerError`: the other side broke the protocol
    - `BadIdError`, `BadDirectoryError`, `BadDemandError`, `BadAddressError`
  - `RefusedError`: understood, but not now or not for you
    - `UnknownServiceError`, `UnknownTopicError`, `UnknownVariantError`,
      `UnknownCallError`, `UnknownAgentError`, `EndedCallError`, `CallExistsError`,
      `StaleTokenError`, `InvalidTransitionError`, `NotOfferedError`, `CoolingDownError`,
      `IndependentAgentError`, `AgentUnavailableError`, `OtherCompanyError`
  - `FailedError`: ours
    - `QueueUnreachableError`, `NoServerError`, `LibraryFailedError`

Texts may change; a `code` may not.
"""

from typing import ClassVar, Final


class QueueError(Exception):
    """The base of everything that the queue raises."""

    code: ClassVar[str] = "internal"


class PeerError(QueueError):
    """The other side broke the protocol: answer with `code` and close."""


class RefusedError(QueueError):
    """The other side may not: answer with `code` and stay."""


class FailedError(QueueError):
    """We failed: log it, answer `code`."""


class BadIdError(PeerError):
    """An id is empty, too long or has characters that no id of ours has."""

    code = "bad_id"


class BadDirectoryError(PeerError):
    """A directory contradicts itself; the text says where."""

    code = "bad_directory"


class BadDemandError(PeerError):
    """A question about staffing has a figure that no centre can have."""

    code = "bad_demand"


class BadAddressError(PeerError):
    """The URL names no server; the text says why."""

    code = "bad_address"


class UnknownServiceError(RefusedError):
    """No service of the directory has this id."""

    code = "unknown_service"


class UnknownTopicError(RefusedError):
    """The service has no such topic."""

    code = "unknown_topic"


class UnknownVariantError(RefusedError):
    """The service is not served in such a variant."""

    code = "unknown_variant"


class UnknownCallError(RefusedError):
    """There is no such call, or it ended long ago."""

    code = "unknown_call"


class UnknownAgentError(RefusedError):
    """No agent of the directory has this id."""

    code = "unknown_agent"


class EndedCallError(RefusedError):
    """The call is over; nothing resumes it."""

    code = "ended_call"


class CallExistsError(RefusedError):
    """Another request has already enqueued a call with this id."""

    code = "call_exists"


class StaleTokenError(RefusedError):
    """The offer that this token fenced is over, or belongs to somebody else."""

    code = "stale_token"


class InvalidTransitionError(RefusedError):
    """The state does not allow this event; nothing changed."""

    code = "invalid_transition"


class NotOfferedError(RefusedError):
    """The caller was not offered this other way, or does not wait any more."""

    code = "not_offered"


class CoolingDownError(RefusedError):
    """The agent rests after a call; nothing shortens it."""

    code = "cooling_down"


class IndependentAgentError(RefusedError):
    """Nobody but the agent changes the state of an independent one."""

    code = "independent_agent"


class AgentUnavailableError(RefusedError):
    """That agent is not at work, or cannot serve this call."""

    code = "agent_unavailable"


class OtherCompanyError(RefusedError):
    """The service is another company's: a call never leaves its own."""

    code = "other_company"


class QueueUnreachableError(FailedError):
    """The store did not answer within the budget; the outcome is unknown."""

    code = "queue_unreachable"


class NoServerError(FailedError):
    """The client was opened without a server id, which this operation needs."""

    code = "no_server"


class LibraryFailedError(FailedError):
    """The function library itself failed, or the store refused to run it."""

    code = "library_failed"


REFUSALS: Final[dict[str, type[RefusedError]]] = {
    error.code: error
    for error in (
        UnknownServiceError,
        UnknownTopicError,
        UnknownVariantError,
        UnknownCallError,
        UnknownAgentError,
        EndedCallError,
        CallExistsError,
        StaleTokenError,
        InvalidTransitionError,
        NotOfferedError,
        CoolingDownError,
        IndependentAgentError,
        AgentUnavailableError,
        OtherCompanyError,
    )
}
"""The codes that the function library answers with."""
