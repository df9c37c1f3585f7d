"""What the ledger holds of a call, read as an auditor would: from SQL."""

import asyncio
import json
import sqlite3
from contextlib import closing

from sqlalchemy.engine import make_url

from ledger.client import LedgerClient
from ledger.model import CompanyId

PATIENCE = 10.0


async def events_of(platform, call, until="call_ended"):
    """The chained events of a call, in order, once the last expected one is there."""
    path = make_url(platform.database_url).database
    async with asyncio.timeout(PATIENCE):
        while True:
            found = _read(path, call)
            if any(kind == until for kind, _ in found):
                return found
            await asyncio.sleep(0.05)


async def verdict(platform, company):
    """What the verifier says of a company's whole chain."""
    async with LedgerClient.open(platform.database_url) as ledger:
        return await ledger.verify(CompanyId(company))


def _read(path, call):
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        rows = database.execute(
            "select kind, body from ledger_event where call = ? order by position",
            (call,),
        ).fetchall()
    return [(kind, json.loads(body)) for kind, body in rows]
