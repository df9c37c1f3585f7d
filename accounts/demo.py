"""Two made-up companies, so that whoever tries the platform sees a call at once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from accounts import companies, grants, people, services, skills
from accounts.hours import OpeningHours
from accounts.journal import Change
from accounts.model import (
    CompanyId,
    DemoAccount,
    JournalKind,
    Need,
    PersonRole,
    Skill,
    Topic,
    Variant,
)
from accounts.routing import (
    HandlingChange,
    Overflow,
    OverflowStep,
    SkillKind,
    WideningStep,
)

TELECOM: Final = CompanyId("telecom")
ASSURANCE: Final = CompanyId("assurance")

_PASSWORD_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105 - none alike


@dataclass(frozen=True, slots=True)
class _DemoService:
    company: CompanyId
    company_name: str
    slug: str
    topics: tuple[Topic, ...]
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class _DemoPerson:
    login: str
    name: str
    role: PersonRole
    what: str
    company: CompanyId | None = None
    companies: tuple[CompanyId, ...] = ()
    skills: dict[str, int] = field(default_factory=dict)


_SKILLS: Final = tuple(
    Skill(word, SkillKind.TOPIC, label)
    for word, label in (
        ("facture", "Les factures"),
        ("panne", "Les pannes"),
        ("contrat", "Les contrats"),
        ("sinistre", "Les sinistres"),
    )
)

_BY_TEXT: Final = Variant("text", "Par écrit", (Need("text", 1),))
_CUED: Final = Variant("lfpc", "LfPC", (Need("lfpc", 2),))

_HANDLING: Final[HandlingChange] = {
    "widening": (
        WideningStep(20, frozenset({SkillKind.TOPIC})),
        WideningStep(None, reserve=True),
    ),
    "overflow": (OverflowStep(40, frozenset({Overflow.CALL_BACK, Overflow.TEXT})),),
}

_SERVICES: Final = (
    _DemoService(
        TELECOM,
        "Télécom Démo",
        "telecom-demo",
        (
            Topic("facture", "Ma facture", "facture", 1),
            Topic("panne", "Une panne", "panne", 1),
            Topic("contrat", "Mon contrat", "contrat", 1),
        ),
        (_BY_TEXT, _CUED),
    ),
    _DemoService(
        ASSURANCE,
        "Assurance Démo",
        "assurance-demo",
        (
            Topic("sinistre", "Un sinistre", "sinistre", 1),
            Topic("contrat", "Mon contrat", "contrat", 1),
        ),
        (_BY_TEXT,),
    ),
)

_PEOPLE: Final = (
    _DemoPerson(
        "agent1",
        "Agent 1",
        PersonRole.AGENT,
        "répond pour les deux entreprises : facture, contrat, sinistre",
        companies=(TELECOM, ASSURANCE),
        skills={"lsf": 3, "text": 2, "facture": 2, "contrat": 2, "sinistre": 1},
    ),
    _DemoPerson(
        "agent2",
        "Agent 2",
        PersonRole.AGENT,
        "répond pour Télécom Démo : facture, panne, et en LfPC",
        companies=(TELECOM,),
        skills={"lsf": 2, "lfpc": 2, "text": 1, "facture": 1, "panne": 3},
    ),
    _DemoPerson(
        "agent3",
        "Agent 3",
        PersonRole.AGENT,
        "répond pour Assurance Démo : sinistre, contrat",
        companies=(ASSURANCE,),
        skills={"lsf": 2, "text": 1, "sinistre": 3, "contrat": 1},
    ),
    _DemoPerson(
        "superviseur",
        "Superviseur",
        PersonRole.SUPERVISOR,
        "accompagne les agents des deux entreprises",
        companies=(TELECOM, ASSURANCE),
    ),
    _DemoPerson(
        "telecom",
        "Télécom Démo",
        PersonRole.VIEWER,
        "voit les chiffres de Télécom Démo",
        company=TELECOM,
    ),
    _DemoPerson(
        "assurance",
        "Assurance Démo",
        PersonRole.VIEWER,
        "voit les chiffres d'Assurance Démo",
        company=ASSURANCE,
    ),
)


def accounts() -> list[DemoAccount]:
    """Who may sign in to the demo, each with a new password."""
    return [DemoAccount(one.login, _password(), one.role, one.what) for one in _PEOPLE]


async def seed(
    change: Change, made: Sequence[DemoAccount], hashes: Sequence[str]
) -> list[DemoAccount] | None:
    """Write all of it in one transaction; None when there is a company already."""
    if await companies.count(change.sql):
        return None
    for skill in _SKILLS:
        await skills.add(change, skill)
    for service in _SERVICES:
        await _add_service(change, service)
    for person, password_hash in zip(_PEOPLE, hashes, strict=True):
        await _add_person(change, person, password_hash)
    await change.note(JournalKind.DEMO_SEEDED, "demo")
    return list(made)


async def _add_service(change: Change, service: _DemoService) -> None:
    await companies.add(change, slug=service.company, name=service.company_name)
    added = await services.add(
        change,
        slug=service.slug,
        company=service.company,
        title=service.company_name,
        needs=(Need("lsf", 2),),
        topics=service.topics,
        hours=OpeningHours.always(),
        target_s=60,
        share=0.95,
    )
    for variant in service.variants:
        await services.set_variant(change, added.id, variant)
    await services.set_handling(change, added.id, _HANDLING)


async def _add_person(change: Change, person: _DemoPerson, password_hash: str) -> None:
    added = people.newcomer(
        login=person.login, name=person.name, role=person.role, company=person.company
    )
    await people.add(change, added, password_hash=password_hash)
    await grants.grant_all(change, added.id, person.skills, person.companies)


def _password() -> str:
    """Three groups of five that can be typed from a screen: 74 random bits."""
    groups = ("".join(secrets.choice(_PASSWORD_SIGNS) for _ in range(5)) for _ in "abc")
    return "-".join(groups)
