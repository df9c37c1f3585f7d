"""What may be called how: slugs, logins, names, passwords, skills and levels."""

import re
import unicodedata
from typing import Final

from accounts.errors import InvalidInputError

RESERVED_SLUGS: Final = frozenset(
    {"agent", "api", "assets", "healthz", "lsf", "metrics", "ws"}
)
"""Addresses beside the services' own: no service may take them."""

_SLUG: Final = re.compile(r"(?=.{1,64}\Z)[a-z0-9]+(-[a-z0-9]+)*")
_SKILL: Final = re.compile(r"(?=.{1,32}\Z)[a-z0-9]+([-_][a-z0-9]+)*")
_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,63}")
_MAX_NAME: Final = 80
_PASSWORD_LENGTHS: Final = range(10, 257)
_LEVELS: Final = range(1, 4)
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def is_slug(value: str) -> bool:
    """Whether it can be a slug at all; PostgreSQL fails at some words from outside."""
    return _SLUG.fullmatch(value) is not None


def is_login(value: str) -> bool:
    """Whether it can be a login at all, in its one spelling."""
    return _LOGIN.fullmatch(value) is not None


def check_slug(value: str) -> str:
    """A word for addresses: small letters, digits, single hyphens; at most 64."""
    if not is_slug(value):
        raise InvalidInputError(
            f"{value[:80]!r} is no slug: small letters, digits and single hyphens."
        )
    return value


def check_service_slug(value: str) -> str:
    """A slug that is not the address of something else."""
    if check_slug(value) in RESERVED_SLUGS:
        raise InvalidInputError(f"{value!r} is an address of the platform itself.")
    return value


def check_skill(value: str) -> str:
    """A skill's word: like a slug, underscores too; at most 32."""
    if _SKILL.fullmatch(value) is None:
        raise InvalidInputError(
            f"{value[:80]!r} is no skill's word: small letters, digits, single - and _;"
            " at most 32."
        )
    return value


def check_level(value: int) -> int:
    """1 can, 2 does it well, 3 is the one whom others ask."""
    if isinstance(value, bool) or value not in _LEVELS:
        raise InvalidInputError(f"Level {value} is not 1, 2 or 3.")
    return value


def check_name(value: str) -> str:
    """What people read: 1 to 80 visible characters, on one line."""
    value = unicodedata.normalize("NFC", value).strip()
    if not 1 <= len(value) <= _MAX_NAME:
        raise InvalidInputError(f"A name has 1 to {_MAX_NAME} characters.")
    if any(unicodedata.category(sign) in _UNSEEN for sign in value):
        raise InvalidInputError("A name has only characters that can be seen.")
    return value


def check_login(value: str) -> str:
    """A login in its one spelling (small letters)."""
    value = spell_login(value)
    if not is_login(value):
        raise InvalidInputError(
            f"{value[:80]!r} is no login: 2 to 64 letters, digits or . _ @ + -."
        )
    return value


def spell_login(value: str) -> str:
    """One spelling, whatever a telephone's keyboard made of it."""
    return unicodedata.normalize("NFKC", value).strip().casefold()


def check_password(value: str) -> str:
    """A password that may be set, in its one spelling; never repeated in an error."""
    value = spell_password(value)
    if len(value) not in _PASSWORD_LENGTHS:
        raise InvalidInputError("A password has 10 to 256 characters.")
    return value


def spell_password(value: str) -> str:
    """An accent is one character or two, depending on the keyboard: make it one."""
    return unicodedata.normalize("NFC", value)
