"""What can go wrong in the ledger, who is to blame, and the stable code of each.

- `LedgerError`
    - `PeerError`: the peer sent what no page of ours sends
        - `BadRequestError`, `ForeignOriginError`, `NotFoundError`,
          `MethodNotAllowedError`
    - `RefusedError`: the user may not
        - `NotSignedInError`, `NoCompanyError`, `PassedOnError` (a code of another room)
        - `NoKeyError`, `NoScopeError`, `NoSuchDayError`
        - `NoSuchLinkError`, `HeadsUnusableError`
    - `FailedError`: we failed
        - `UnavailableError`, `NewerDatabaseError`
        - `KeyUnusableError`, `KeyNotCurrentError`, `NoKeyLostError`
"""

from pathlib import Path
from typing import ClassVar


class LedgerError(Exception):
    """The root: every error of this package has a stable code and an HTTP status."""

    code: ClassVar[str] = "internal"
    text: ClassVar[str] = "Une erreur est arrivée chez nous."
    status: ClassVar[int] = 500


class PeerError(LedgerError):
    """The peer sent what no page of ours sends."""

    code = "bad_request"
    text = "Cette demande est mal formée."
    status = 400


class BadRequestError(PeerError):
    """A form, a date or a body that is not what the endpoint asks for."""


class ForeignOriginError(PeerError):
    """The form comes from another site."""

    code = "foreign_origin"
    text = "Cette page vient d’un autre site."
    status = 403


class NotFoundError(PeerError):
    """There is no such file or address."""

    code = "not_found"
    text = "Cette page n’existe pas."
    status = 404


class MethodNotAllowedError(PeerError):
    """The address is only read."""

    code = "method_not_allowed"
    text = "Cette adresse se lit seulement."
    status = 405


class RefusedError(LedgerError):
    """The user may not."""

    code = "refused"
    text = "Vous n’avez pas ce droit."
    status = 403


class NotSignedInError(RefusedError):
    """The portal's session is missing or over."""

    code = "not_signed_in"
    text = "Connectez-vous d’abord."
    status = 401


class NoCompanyError(RefusedError):
    """The person belongs to no company, so that there is no day to show."""

    code = "no_company"
    text = "Ce compte n’appartient à aucune entreprise."


class NoKeyError(RefusedError):
    """A program shows no API key, or one that opens nothing."""

    code = "no_key"
    text = "Il faut une clé d’API valable."
    status = 401


class NoScopeError(RefusedError):
    """The API key opens other things."""

    code = "no_scope"
    text = "Cette clé n’ouvre pas cela."

    def __init__(self, scope: str) -> None:
        super().__init__(f"The key has no scope {scope!r}.")


class NoSuchDayError(RefusedError):
    """There are no figures of such a day or month: it is too early, or yet to come."""

    code = "no_such_day"
    text = "Il n’y a pas de chiffres pour cette date."
    status = 404


class NoSuchLinkError(RefusedError):
    """The chain has no such link, so that nothing can begin there."""

    code = "no_such_link"
    text = "Cette chaîne n’a pas ce maillon."
    status = 404

    def __init__(self, company: str, position: int) -> None:
        super().__init__(f"The chain {company!r} has no link {position}.")


class NoSuchMonthError(RefusedError):
    """What was asked for is no month."""

    code = "no_such_month"
    text = "Ce mois n’existe pas."
    status = 404

    def __init__(self, month: str) -> None:
        super().__init__(f"{month[:20]!r} is no month, such as 2026-11.")


class MonthNotOverError(RefusedError):
    """A month that lasts has no statement yet."""

    code = "month_not_over"
    text = "Ce mois n’est pas fini : son relevé vient après."
    status = 409

    def __init__(self, month: str) -> None:
        super().__init__(
            f"The month {month} is not over: its statement comes after it."
        )


class HeadsUnusableError(RefusedError):
    """The heads that somebody kept are none of this ledger."""

    code = "heads_unusable"
    text = "Ces empreintes ne sont pas de ce registre."
    status = 400


class PassedOnError(RefusedError):
    """A refusal of another room (accounts), under its own code."""

    text = "Identifiant ou mot de passe inconnu."

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code  # type: ignore[misc]  # the one error whose code varies
        if code == "too_many_tries":
            self.status = 429  # type: ignore[misc]
            self.text = "Trop d’essais. Attendez un peu."  # type: ignore[misc]
        else:
            self.status = 401  # type: ignore[misc]


class FailedError(LedgerError):
    """We failed; the traceback is logged, the user hears `internal`."""


class UnavailableError(FailedError):
    """The database does not answer for now."""

    code = "unavailable"
    text = "Le service se rétablit. Réessayez dans un instant."
    status = 503


class NewerDatabaseError(FailedError):
    """The database was written by a newer version of Illico."""

    code = "newer_database"
    text = "La base vient d’une version plus récente d’Illico."


class KeyUnusableError(FailedError):
    """The file of the key that signs the daily heads holds none."""

    code = "key_unusable"
    text = "La clé qui signe les empreintes du jour est illisible."

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"The key {file} cannot be used: {why}.")


class KeyNotCurrentError(FailedError):
    """Another key than ours signs the daily heads of this database."""

    code = "key_not_current"
    text = "Une autre clé signe les empreintes du jour."

    def __init__(self, ours: str, current: str) -> None:
        super().__init__(
            f"The key {current} signs the daily heads, and this one is {ours}: use the"
            " right key file, or end `illico ledger rotate-key` by calling it again.",
        )


class NoKeyLostError(FailedError):
    """No key can have been lost: none has signed yet, or the new one does already."""

    code = "no_key_lost"

    def __str__(self) -> str:
        return "No key is lost: none has signed yet, or this one does already."
