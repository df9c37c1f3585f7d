"""What a page hears when another room says no."""

from accounts.errors import FailedError as AccountsFailedError
from accounts.errors import RefusedError as AccountsRefusedError
from queueing.errors import FailedError as QueueFailedError
from queueing.errors import PeerError as QueuePeerError
from queueing.errors import RefusedError as QueueRefusedError
from relay.errors import FailedError as RelayFailedError
from relay.errors import RefusedError as RelayRefusedError
from signaling.errors import (
    FailedError,
    PassedOnError,
    SignalingError,
    UnavailableError,
)

REFUSED = (
    AccountsRefusedError,
    QueuePeerError,
    QueueRefusedError,
    RelayRefusedError,
)
AWAY = (AccountsFailedError, QueueFailedError, RelayFailedError, TimeoutError)


def blame(error: Exception) -> SignalingError:
    """Turn any error into the one that the page is answered with."""
    if isinstance(error, SignalingError):
        return error
    if isinstance(error, REFUSED):
        return PassedOnError(error.code)
    if isinstance(error, AWAY):
        return UnavailableError()
    return FailedError()
