"""What changed between two sheets of a day: so little that a thousand pages can have it."""

from typing import Final

from msgspec.structs import replace

from ledger.model import CallRow, DaySheet

MOST_ROWS: Final = 40
"""With more lines than these to send, the whole sheet is sent."""


def changed(before: DaySheet | None, after: DaySheet) -> tuple[CallRow, ...] | None:
    """Give the lines that are new or other; none where the whole sheet must be sent.

    What time alone changes is left out: who reads counts the seconds by themself.
    """
    if before is None or before.date != after.date:
        return None
    known = {(row.call, row.leg): row for row in before.calls}
    rows = tuple(
        row for row in after.calls if _is_news(known.get((row.call, row.leg)), row)
    )
    return rows if len(rows) <= MOST_ROWS else None


def next_turn_ms(sheet: DaySheet) -> int | None:
    """Tell in how many milliseconds the first promise of a waiting caller breaks."""
    left = [
        row.t0_ms + sheet.target_ms - sheet.as_of_ms
        for row in sheet.calls
        if row.outcome == "waiting" and not row.breach
    ]
    return max(0, min(left)) if left else None


def _is_news(before: CallRow | None, row: CallRow) -> bool:
    if before is None:
        return True
    return before != row and _still(before) != _still(row)


def _still(row: CallRow) -> CallRow:
    """Take out what moves by itself."""
    if not row.live:
        return row
    if row.talk_ms is not None:
        return replace(row, talk_ms=None)
    return replace(row, wait_ms=None)
