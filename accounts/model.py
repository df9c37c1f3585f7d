"""The words of accounts: who is who, and who may what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NewType

from accounts.hours import OpeningHours
from accounts.pay_words import PayShare
from accounts.routing import Handling, Need, ScarceReserve, Skill, Variant
from accounts.tariffs import Tariff

__all__ = [
    "DOORS",
    "Audience",
    "Company",
    "CompanyId",
    "Contract",
    "DemoAccount",
    "Handling",
    "JournalEntry",
    "JournalKind",
    "Need",
    "PayShare",
    "Person",
    "PersonId",
    "PersonRole",
    "Roster",
    "ScarceReserve",
    "Service",
    "ServiceHours",
    "ServiceId",
    "SessionToken",
    "SignedIn",
    "Skill",
    "StaffMember",
    "Topic",
    "Variant",
]

ApiKeyId = NewType("ApiKeyId", str)
CompanyId = NewType("CompanyId", str)
"""A company's slug."""
ServiceId = NewType("ServiceId", str)
"""A service's slug, which is also its address: `/<slug>`."""
PersonId = NewType("PersonId", str)
"""A random word that says nothing of the person; an agent's id in the queue."""
SessionToken = NewType("SessionToken", str)
"""256 random bits that only the browser keeps; we keep their SHA-256."""


class PersonRole(StrEnum):
    """What somebody is to the platform."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    VIEWER = "viewer"
    ADMIN = "admin"


class Audience(StrEnum):
    """Which door a session opens, and only that one."""

    CONSOLE = "console"
    PORTAL = "portal"


DOORS: Final[Mapping[PersonRole, frozenset[Audience]]] = MappingProxyType(
    {
        PersonRole.AGENT: frozenset({Audience.CONSOLE}),
        PersonRole.SUPERVISOR: frozenset({Audience.CONSOLE}),
        PersonRole.VIEWER: frozenset({Audience.PORTAL}),
        PersonRole.ADMIN: frozenset({Audience.PORTAL}),
    }
)
"""Where each role may sign in."""


class JournalKind(StrEnum):
    """What the journal tells."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    COMPANY_ADDED = "company_added"
    SERVICE_ADDED = "service_added"
    SERVICE_CHANGED = "service_changed"
    VARIANT_CHANGED = "variant_changed"
    VARIANT_REMOVED = "variant_removed"
    PROMISE_CHANGED = "promise_changed"
    CONTRACT_CHANGED = "contract_changed"
    HANDLING_CHANGED = "handling_changed"
    HOURS_CHANGED = "hours_changed"
    SERVICE_CLOSED = "service_closed"
    SERVICE_REOPENED = "service_reopened"
    PERSON_ADDED = "person_added"
    PERSON_CLOSED = "person_closed"
    PERSON_REOPENED = "person_reopened"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a word, no secret
    TERMS_CHANGED = "terms_changed"
    SKILL_ADDED = "skill_added"
    SKILL_CHANGED = "skill_changed"
    SKILL_REMOVED = "skill_removed"
    RESERVE_CHANGED = "reserve_changed"
    SKILL_GRANTED = "skill_granted"
    SKILL_REVOKED = "skill_revoked"
    COMPANY_GRANTED = "company_granted"
    COMPANY_REVOKED = "company_revoked"
    API_KEY_ADDED = "api_key_added"
    API_KEY_REVOKED = "api_key_revoked"
    ORDINARY_HOURS_CHANGED = "ordinary_hours_changed"
    AUTHORISED = "authorised"
    PAY_IMPORTED = "pay_imported"
    DEMO_SEEDED = "demo_seeded"


@dataclass(frozen=True, slots=True)
class Company:
    """Who pays, and watches the promise."""

    id: CompanyId
    name: str


class Scope(StrEnum):
    """What an API key opens."""

    FIGURES = "figures"
    CALLS = "calls"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A company's key, without the key itself. Times are seconds since the epoch."""

    id: ApiKeyId
    company: CompanyId
    name: str
    begins: str
    """The first letters, by which people tell it from others."""
    scopes: frozenset[Scope]
    created_at: float
    revoked_at: float | None


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key and its secret, which is known only at this moment."""

    key: ApiKey
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a caller may say the call is about, and the skill that it asks for."""

    slug: str
    label: str
    skill: str
    level: int


@dataclass(frozen=True, slots=True)
class Service:
    """One public page with its promise: `share` of the calls within `target_s`."""

    id: ServiceId
    company: CompanyId
    company_name: str
    title: str
    needs: tuple[Need, ...]
    topics: tuple[Topic, ...]
    hours: OpeningHours
    target_s: float = 60
    share: float = 0.95
    variants: tuple[Variant, ...] = ()
    handling: Handling = field(default_factory=Handling)

    @property
    def slug(self) -> str:
        return self.id

    @property
    def video_message_url(self) -> str | None:
        """Where the company takes signed messages; callers may be offered it."""
        return self.handling.video_message_url


@dataclass(frozen=True, slots=True)
class Contract:
    """What was agreed for a service since a moment; the ledger chains each version."""

    service: ServiceId
    company: CompanyId
    version: int
    since_us: int
    target_us: int
    share_permille: int
    tariff: Tariff = field(default_factory=Tariff)
    forecast: tuple[int, ...] = ()
    """Calls in each half-hour of a week in Paris, from Monday 0:00 on; or none."""


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """How a service's hours stand beside the company's ordinary ones, in minutes."""

    service: ServiceId
    covered: int
    ordinary: int | None
    """None where nobody said when the ordinary service is open."""
    unauthorised: Mapping[str, int]
    """Days without an authorisation that they need: of `sunday`, of `night`."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in; `company` is the one that a viewer belongs to.

    An account that is not `active` is closed: nobody signs in to it.
    """

    id: PersonId
    login: str
    name: str
    role: PersonRole
    company: CompanyId | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class StaffMember:
    """An agent, the companies they may answer for, and their skills with levels.

    A `reserve` agent is called only when a promise is in danger. Nobody but the agent
    changes the state of an `independent` one.
    """

    person: Person
    companies: frozenset[CompanyId]
    skills: dict[str, int]
    reserve: bool = False
    independent: bool = False


@dataclass(frozen=True, slots=True)
class Roster:
    """Everything that decides who may serve whom, at one moment.

    `version` grows with every change of it. Every skill that is named is in `skills`.
    """

    version: int
    services: tuple[Service, ...]
    staff: tuple[StaffMember, ...]
    skills: tuple[Skill, ...]
    reserves: tuple[ScarceReserve, ...]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session; `expires_at` in seconds since the epoch."""

    token: SessionToken = field(repr=False)
    person: Person
    expires_at: float


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One fact: who (`by`, None for the operator's command line) did what to whom."""

    number: int
    at: float
    kind: JournalKind
    by: PersonId | None
    subject: str
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """How to try the demo; the password is known only at this moment."""

    login: str
    password: str = field(repr=False)
    role: PersonRole
    what: str
