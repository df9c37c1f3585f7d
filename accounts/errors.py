"""What accounts refuses, and what it fails at.

- `AccountsError`
    - `PeerError`: the other side broke the protocol.
    - `RefusedError`: the user may not, or asked for something that cannot be.
        - `SignInRefusedError`
            - `BadCredentialsError`
            - `TooManyTriesError`
        - `InvalidInputError`
            - `InvalidHoursError`, `InvalidStepsError`
        - `TakenError`
        - `LastSkillError`, `SkillInUseError`
        - `UnknownCompanyError`, `UnknownServiceError`, `UnknownPersonError`,
          `UnknownSkillError`, `UnknownVariantError`
    - `FailedError`: we failed.
        - `DatabaseUrlError`
        - `DatabaseUnreadableError`
        - `DatabaseNewerError`
        - `DatabaseUnavailableError`
"""

from typing import ClassVar


class AccountsError(Exception):
    """Anything that accounts says no to."""

    code: ClassVar[str] = "accounts"


class PeerError(AccountsError):
    """The other side broke the protocol."""

    code: ClassVar[str] = "bad_request"


class RefusedError(AccountsError):
    """The user may not, or asked for something that cannot be."""

    code: ClassVar[str] = "refused"


class FailedError(AccountsError):
    """The fault is ours or the database's."""

    code: ClassVar[str] = "internal"


class SignInRefusedError(RefusedError):
    """Nobody was signed in; `code` says which of the two reasons."""

    code: ClassVar[str] = "sign_in_refused"


class BadCredentialsError(SignInRefusedError):
    """Unknown login, wrong password, closed account or wrong door: never which."""

    code: ClassVar[str] = "bad_credentials"


class TooManyTriesError(SignInRefusedError):
    """Too many failed tries for this login or from this address."""

    code: ClassVar[str] = "too_many_tries"

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"Too many tries; try again in {retry_after_s:.0f} s.")
        self.retry_after_s = retry_after_s


class InvalidInputError(RefusedError):
    """A name, slug, login, password, skill or number that cannot be."""

    code: ClassVar[str] = "invalid_input"


class InvalidHoursError(InvalidInputError):
    """A calendar that contradicts itself or time."""

    code: ClassVar[str] = "invalid_hours"


class InvalidStepsError(InvalidInputError):
    """Steps of a wait that widen or offer nothing, lower a floor, or are out of order."""

    code: ClassVar[str] = "invalid_steps"


class TariffTooHighError(InvalidInputError):
    """A minute would cost more than the label allows."""

    code: ClassVar[str] = "tariff_too_high"


class CallerNeverPaysError(InvalidInputError):
    """A tariff would bill a caller."""

    code: ClassVar[str] = "caller_never_pays"


class TakenError(RefusedError):
    """Somebody or something already has this name."""

    code: ClassVar[str] = "taken"


class LastSkillError(RefusedError):
    """An agent keeps at least one skill."""

    code: ClassVar[str] = "last_skill"


class SkillInUseError(RefusedError):
    """Somebody has this skill, or a service asks for it."""

    code: ClassVar[str] = "skill_in_use"


class UnknownCompanyError(RefusedError):
    code: ClassVar[str] = "unknown_company"


class UnknownServiceError(RefusedError):
    code: ClassVar[str] = "unknown_service"


class UnknownPersonError(RefusedError):
    code: ClassVar[str] = "unknown_person"


class UnknownSkillError(RefusedError):
    code: ClassVar[str] = "unknown_skill"


class UnknownVariantError(RefusedError):
    code: ClassVar[str] = "unknown_variant"


class UnknownKeyError(RefusedError):
    code: ClassVar[str] = "unknown_key"


class DatabaseUrlError(FailedError):
    """The address of the database is none that we can use."""

    code: ClassVar[str] = "database_url"


class DatabaseUnreadableError(FailedError):
    """The file is there, but it is no database of ours, or may not be opened."""

    code: ClassVar[str] = "database_unreadable"


class DatabaseNewerError(FailedError):
    """A newer Illico has written this database."""

    code: ClassVar[str] = "database_newer"


class DatabaseUnavailableError(FailedError):
    """The database does not answer, or not in time."""

    code: ClassVar[str] = "database_unavailable"
