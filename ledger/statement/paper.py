"""A signed statement as a PDF: the one file that knows typst.

It is tagged (PDF/UA-1), so that a screen reader reads it, carries the signed JSON as an
attachment, and is the same bytes each time. Nothing is fetched, and no font of the
machine is used.
"""

import hashlib
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Literal

import typst

from ledger.statement.statements import SignedStatement

Language = Literal["fr", "en"]


def as_pdf(signed: SignedStatement, language: Language = "fr") -> bytes:
    """Set a statement in type."""
    text = signed.text
    made: bytes = typst.compile(
        _template(),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=datetime.fromtimestamp(signed.statement.made_at_us // 1_000_000, UTC),
        sys_inputs={
            "statement": text,
            "language": language,
            "digest": hashlib.sha256(text.encode("ascii")).hexdigest(),
        },
    )
    return made


@cache
def _template() -> bytes:
    return (resources.files("ledger.statement") / "statement.typ").read_bytes()
