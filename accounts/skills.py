"""The skills that the house knows, and how many of a scarce one it keeps free."""

from collections.abc import Mapping

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.errors import (
    InvalidInputError,
    SkillInUseError,
    TakenError,
    UnknownSkillError,
)
from accounts.journal import Change
from accounts.model import JournalKind
from accounts.naming import check_name, check_skill
from accounts.routing import BUILT_IN_SKILLS, ScarceReserve, Skill, SkillKind
from accounts.tables import (
    RESERVE,
    SERVICE_NEED,
    SKILL,
    SKILL_WORD,
    TOPIC,
    VARIANT_NEED,
)

Kinds = Mapping[str, SkillKind]


async def every(sql: AsyncConnection) -> tuple[Skill, ...]:
    """Those that every house knows first, then this house's own."""
    rows = await sql.execute(select(SKILL_WORD).order_by(SKILL_WORD.c.word))
    own = (Skill(row.word, SkillKind(row.kind), row.label) for row in rows)
    return (*BUILT_IN_SKILLS.values(), *own)


async def kinds(sql: AsyncConnection) -> Kinds:
    return {skill.word: skill.kind for skill in await every(sql)}


async def require(sql: AsyncConnection, word: str) -> Skill:
    """Raises `UnknownSkillError` when nobody has named it."""
    known = {skill.word: skill for skill in await every(sql)}
    if word not in known:
        raise unknown(word, known)
    return known[word]


def unknown(word: str, known: Mapping[str, object]) -> UnknownSkillError:
    """Say so, and which there are."""
    return UnknownSkillError(
        f"Nobody knows a skill {word[:80]!r}. Known are: {', '.join(known)}."
    )


async def add(change: Change, skill: Skill) -> None:
    """A word of its own; `TakenError` when it means something already."""
    word, label = check_skill(skill.word), check_name(skill.label)
    if word in await kinds(change.sql):
        raise TakenError(f"There is a skill {word!r} already.")
    values = {"word": word, "kind": skill.kind.value, "label": label}
    await change.sql.execute(insert(SKILL_WORD).values(values))
    await change.note(JournalKind.SKILL_ADDED, word, kind=skill.kind.value, label=label)
    await change.directory_changed()


async def set_one(
    change: Change, word: str, *, kind: SkillKind | None, label: str | None
) -> None:
    """Another kind or another label; whoever calls checks the services again."""
    before = await _own(change.sql, word)
    kind = kind or before.kind
    label = before.label if label is None else check_name(label)
    await change.sql.execute(
        update(SKILL_WORD)
        .where(SKILL_WORD.c.word == word)
        .values(kind=kind.value, label=label)
    )
    await change.note(JournalKind.SKILL_CHANGED, word, kind=kind.value, label=label)
    await change.directory_changed()


async def remove(change: Change, word: str) -> None:
    """Raises `SkillInUseError` while an agent, a service or a reserve names it."""
    await _own(change.sql, word)
    for table, what in (
        (SKILL, "somebody has"),
        (SERVICE_NEED, "a service asks for"),
        (TOPIC, "a topic asks for"),
        (VARIANT_NEED, "a variant asks for"),
        (RESERVE, "a reserve keeps"),
    ):
        used = await change.sql.execute(
            select(table.c.skill).where(table.c.skill == word).limit(1)
        )
        if used.first() is not None:
            raise SkillInUseError(f"The skill {word!r} stays: {what} it.")
    await change.sql.execute(delete(SKILL_WORD).where(SKILL_WORD.c.word == word))
    await change.note(JournalKind.SKILL_REMOVED, word)
    await change.directory_changed()


async def reserves(sql: AsyncConnection) -> tuple[ScarceReserve, ...]:
    rows = await sql.execute(select(RESERVE).order_by(RESERVE.c.skill))
    return tuple(ScarceReserve(row.skill, row.keep) for row in rows)


async def set_reserve(change: Change, word: str, keep: int) -> None:
    """Keep so many idle agents with this skill; none (0) ends the reserve."""
    await require(change.sql, word)
    await change.sql.execute(delete(RESERVE).where(RESERVE.c.skill == word))
    if keep != 0:
        reserve = ScarceReserve(word, keep)
        await change.sql.execute(
            insert(RESERVE).values(skill=reserve.skill, keep=reserve.keep)
        )
    await change.note(JournalKind.RESERVE_CHANGED, word, keep=keep)
    await change.directory_changed()


async def _own(sql: AsyncConnection, word: str) -> Skill:
    skill = await require(sql, word)
    if skill.is_built_in:
        raise InvalidInputError(f"The skill {word!r} is built in and stays as it is.")
    return skill
