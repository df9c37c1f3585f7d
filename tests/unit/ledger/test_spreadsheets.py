"""CSV as a French spreadsheet wants it, and nothing in it that would run."""

import csv
import io

from msgspec.structs import replace

from ledger.api import spreadsheets
from ledger.figures.counts import Counters
from ledger.figures.reports import DayLine, Level
from ledger.model import CallRow, Outcome

ROW = CallRow(
    call="c1",
    leg=0,
    service="telecom-demo",
    topic="facture",
    mode="video",
    t0_ms=1_795_334_400_123,
    wait_ms=60_001,
    outcome=Outcome.ANSWERED,
    in_time=False,
    breach=True,
    live=False,
    evidence="presented",
    browser_ms=None,
    talk_ms=61_000,
    offers=1,
    end_reason="caller_hung_up",
    way=None,
    watched_s=0,
    legible_s=0,
)


def read(text):
    """Read it back as a spreadsheet would."""
    assert text.startswith("\ufeff")
    return [*csv.reader(io.StringIO(text[1:]), delimiter=";")]


DAYS = (
    DayLine("2026-11-22", Counters(offered=3, answered=2), Level(2, 3, 6_666)),
    DayLine("2026-11-23", Counters(), Level(0, 0, None)),
)


def test_a_share_has_a_decimal_comma_and_is_cut_not_rounded():
    head, first, empty = read(spreadsheets.days(DAYS, "fr"))

    assert head[:2] == ["jour", "niveau de service (%)"]
    assert first[:5] == ["2026-11-22", "66,66", "2", "3", "3"]
    assert empty[:2] == ["2026-11-23", ""]
    assert len(head) == len(first)


def test_a_call_is_told_in_paris_time_to_the_millisecond_of_its_wait():
    text = spreadsheets.calls_head("en") + spreadsheets.calls([ROW], "en")
    head, row = read(text)

    assert row[0] == "2026-11-22 09:00:00"
    assert row[4:8] == ["60,001", "answered", "no", "61,000"]
    assert len(head) == len(row)


def test_no_cell_is_taken_for_a_formula():
    for evil in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1"):
        row = replace(ROW, topic=evil)
        text = spreadsheets.calls_head("fr") + spreadsheets.calls([row], "fr")

        assert read(text)[1][2] == f"'{evil}"


def test_a_separator_or_a_quote_stays_in_its_cell():
    row = replace(ROW, topic='a;"b"\nc')
    text = spreadsheets.calls_head("fr") + spreadsheets.calls([row], "fr")

    assert read(text)[1][2] == 'a;"b"\nc'
