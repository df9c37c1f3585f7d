"""What ends a command with one sentence: the person's doing, or ours.

- `IllicoError`
    - `RefusedError`: what was asked cannot be done as asked; nothing was started
        - `BadEnvironmentError`, `PortTakenError`, `NoLanAddressError`
        - `FolderInUseError`, `FolderNewerError`, `FolderUnusableError`,
          `SecretsUnreadableError`
        - `AccountsRefusedError`, `LedgerRefusedError`, `QueueRefusedError`,
          `SimulationRefusedError`
    - `FailedError`: we tried and could not
        - `StartFailedError`, `KeptDyingError`, `RoomMissingError`,
          `ChainBrokenError`, `QueueBrokenError`
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar


class IllicoError(Exception):
    """A sentence for the person at the terminal, a stable code and an exit code."""

    code: ClassVar[str] = "illico"
    exit_code: ClassVar[int] = 1


class RefusedError(IllicoError):
    """What was asked cannot be done as asked; nothing was started."""

    code = "refused"


class FailedError(IllicoError):
    """We tried and could not."""

    code = "failed"


class BadEnvironmentError(RefusedError):
    """Variables that no room knows, or values that no room accepts, one a line."""

    code = "bad_environment"
    exit_code = 2

    def __init__(self, complaints: Sequence[str]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(self.complaints))


class PortTakenError(RefusedError):
    code = "port_taken"

    def __init__(self, port: int, option: str) -> None:
        super().__init__(
            f"Port {port} is taken by another program:"
            f" end that program, or choose another port with {option}.",
        )


class NoLanAddressError(RefusedError):
    code = "no_lan_address"

    def __init__(self) -> None:
        super().__init__(
            "This machine has no address on a local network, so --lan has nobody to"
            " serve: connect it to a network, or start without --lan.",
        )


class FolderInUseError(RefusedError):
    code = "folder_in_use"

    def __init__(self, folder: Path, owner: str) -> None:
        super().__init__(
            f"Another `illico up` ({owner}) already uses the data folder {folder}:"
            " end that one, or choose another folder with --data-dir.",
        )


class FolderNewerError(RefusedError):
    code = "folder_newer"

    def __init__(self, folder: Path, found: int, known: int) -> None:
        super().__init__(
            f"The data folder {folder} has format {found}, and this version of Illico"
            f" knows formats up to {known}: install the version that wrote it,"
            " or choose another folder with --data-dir.",
        )


class FolderUnusableError(RefusedError):
    code = "folder_unusable"

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(f"The data folder {folder} cannot be used: {why}.")


class SecretsUnreadableError(RefusedError):
    code = "secrets_unreadable"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"The secrets in {path} cannot be read ({why}): restore the file, or remove"
            " it to make new secrets (tickets given out before then end).",
        )


class AccountsRefusedError(RefusedError):
    """What the accounts said no to, in their own words."""

    code = "accounts_refused"


class LedgerRefusedError(RefusedError):
    """What the ledger said no to, in its own words."""

    code = "ledger_refused"


class QueueRefusedError(RefusedError):
    """What the queue said no to, or that it said nothing, in its own words."""

    code = "queue_refused"


class SimulationRefusedError(RefusedError):
    """A day that cannot be read, drawn or played, or a report that cannot be written."""

    code = "simulation_refused"


class ChainBrokenError(FailedError):
    """What is written down is not what was written."""

    code = "chain_broken"

    def __init__(self) -> None:
        super().__init__("A chain of the ledger is broken: see above.")


class QueueBrokenError(FailedError):
    """The queue contradicts itself."""

    code = "queue_broken"

    def __init__(self) -> None:
        super().__init__("An invariant of the queue is broken: see above.")


class StartFailedError(FailedError):
    """A child that ended, or said nothing, before it was ready."""

    code = "start_failed"

    def __init__(self, name: str, why: str, log: Path, tail: str) -> None:
        told = f"\n{tail}" if tail else ""
        super().__init__(f"{name} did not start: {why}. Its log is {log}.{told}")


class KeptDyingError(FailedError):
    """A child that ended too often to be started again."""

    code = "kept_dying"

    def __init__(self, name: str, times: int, seconds: float, log: Path) -> None:
        super().__init__(
            f"{name} ended {times} times within {seconds:.0f} s, so Illico stops."
            f" Its log is {log}.",
        )


class RoomMissingError(FailedError):
    """A part of the platform that this installation does not have."""

    code = "room_missing"

    def __init__(self, what: str) -> None:
        super().__init__(f"This installation of Illico has no {what}.")
