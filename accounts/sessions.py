"""The sessions, and the count of failed tries, in SQL.

Of a token we keep only the SHA-256: whoever reads the table opens no door with it.
"""

import hashlib
import ipaddress
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts import people, throttle
from accounts.errors import TooManyTriesError
from accounts.journal import Change
from accounts.model import Audience, JournalKind, Person, SessionToken, SignedIn
from accounts.tables import PERSON, SESSION, TRIES
from accounts.throttle import PER_ADDRESS, PER_LOGIN, Bucket, Limit


@dataclass(frozen=True, slots=True)
class Tried:
    """One bucket that a try goes into; the key says nothing to who reads the table."""

    key_sha256: str
    limit: Limit


def tried_buckets(login: str, address: str) -> tuple[Tried, ...]:
    """The bucket of the login and, where there is an address, the address's own."""
    buckets = [Tried(_sha256(f"login {login}"), PER_LOGIN)]
    if address:
        buckets.append(Tried(_sha256(f"address {_network(address)}"), PER_ADDRESS))
    return tuple(buckets)


async def charge(sql: AsyncConnection, tried: tuple[Tried, ...], now: float) -> None:
    """Count one try; `TooManyTriesError` (and nothing counted) when it is one too many."""
    await _forget(sql, now)
    before = {one: await _bucket(sql, one) for one in tried}
    wait_s = max(throttle.wait_s(before[one], one.limit, now) for one in tried)
    if wait_s > 0:
        raise TooManyTriesError(wait_s)
    for one in tried:
        await _keep(sql, one, throttle.charged(before[one], one.limit, now))


async def refund(sql: AsyncConnection, tried: tuple[Tried, ...], now: float) -> None:
    """Take the try back that turned out to be right."""
    for one in tried:
        bucket = await _bucket(sql, one)
        await _keep(sql, one, throttle.refunded(bucket, one.limit, now))


async def begin(
    change: Change, person: Person, audience: Audience, hours: int
) -> SignedIn:
    """A session of `hours`; those whose time is over are swept away with it."""
    token = SessionToken(secrets.token_urlsafe(32))
    expires_at = change.at + hours * 3600
    await change.sql.execute(delete(SESSION).where(SESSION.c.expires_at <= change.at))
    await change.sql.execute(
        insert(SESSION).values(
            token_sha256=_sha256(token),
            person=person.id,
            audience=audience.value,
            created_at=change.at,
            expires_at=expires_at,
        )
    )
    await change.note(JournalKind.SIGNED_IN, person.id, audience=audience.value)
    return SignedIn(token=token, person=person, expires_at=expires_at)


async def person_of(
    sql: AsyncConnection, token: str, audience: Audience, now: float
) -> Person | None:
    """Who it is, if the session is of this door, not over, and the account open."""
    found = await sql.execute(
        select(PERSON)
        .join(SESSION, SESSION.c.person == PERSON.c.id)
        .where(
            SESSION.c.token_sha256 == _sha256(token),
            SESSION.c.audience == audience.value,
            SESSION.c.expires_at > now,
            PERSON.c.active,
        )
    )
    row = found.first()
    return None if row is None else people.person_of(row)


async def people_of(
    sql: AsyncConnection, tokens: Collection[str], audience: Audience, now: float
) -> dict[str, Person]:
    """The same of many tokens in one look; of those that open nothing, no word."""
    hashes = {_sha256(token): token for token in tokens}
    found = await sql.execute(
        select(SESSION.c.token_sha256, PERSON)
        .join(SESSION, SESSION.c.person == PERSON.c.id)
        .where(
            SESSION.c.token_sha256.in_(hashes),
            SESSION.c.audience == audience.value,
            SESSION.c.expires_at > now,
            PERSON.c.active,
        )
    )
    return {hashes[row.token_sha256]: people.person_of(row) for row in found}


async def end(sql: AsyncConnection, token: str, at: float) -> None:
    """Nothing happens when there is no such session (any more)."""
    mine = SESSION.c.token_sha256 == _sha256(token)
    found = (await sql.execute(select(SESSION.c.person).where(mine))).first()
    if found is None:
        return
    await sql.execute(delete(SESSION).where(mine))
    change = Change(sql, at, by=found.person)
    await change.note(JournalKind.SIGNED_OUT, found.person)


async def _forget(sql: AsyncConnection, now: float) -> None:
    """Buckets that time has emptied: the table stays as small as the last minutes."""
    memory_s = max(PER_LOGIN.memory_s, PER_ADDRESS.memory_s)
    await sql.execute(delete(TRIES).where(TRIES.c.at < now - memory_s))


async def _bucket(sql: AsyncConnection, tried: Tried) -> Bucket:
    found = await sql.execute(
        select(TRIES).where(TRIES.c.key_sha256 == tried.key_sha256)
    )
    row = found.first()
    return throttle.EMPTY if row is None else Bucket(row.level, row.at)


async def _keep(sql: AsyncConnection, tried: Tried, bucket: Bucket) -> None:
    """Delete and insert: nobody else writes meanwhile, and no dialect is needed."""
    key = tried.key_sha256
    await sql.execute(delete(TRIES).where(TRIES.c.key_sha256 == key))
    if bucket.level > 0:
        await sql.execute(
            insert(TRIES).values(key_sha256=key, level=bucket.level, at=bucket.at)
        )


def _network(address: str) -> str:
    """One household or office: an IPv4 address, or the first half of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
