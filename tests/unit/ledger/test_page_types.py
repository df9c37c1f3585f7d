"""The page's types and the server's are the same words."""

import re
from pathlib import Path

import pytest

from ledger.api.rhythm import Cell, DayWaits, HalfHour
from ledger.api.words import GivenHeadFacts, HalfHours, Heads, KeyFacts
from ledger.figures.counts import Counters
from ledger.figures.reports import BilledLine, DayLine, Level, Report
from ledger.model import (
    CallRow,
    ChainEnd,
    DaySheet,
    Figures,
    News,
    Outcome,
    StandingAlert,
)

TYPES = Path(__file__).parents[3] / "sla_portal" / "types.js"


STRUCTS = (
    BilledLine,
    CallRow,
    Cell,
    ChainEnd,
    Counters,
    DayLine,
    DaySheet,
    DayWaits,
    Figures,
    GivenHeadFacts,
    HalfHour,
    HalfHours,
    Heads,
    KeyFacts,
    Level,
    News,
    Report,
    StandingAlert,
)


def fields_in_the_page(name):
    text = TYPES.read_text(encoding="utf-8")
    block = re.search(rf"@typedef {{object}} {name}\n(.*?)\*/", text, re.DOTALL)
    assert block is not None
    return re.findall(r"@property {.+?} (\w+)", block[1])


@pytest.mark.parametrize("struct", STRUCTS)
def test_the_page_knows_every_field_and_no_other(struct):
    assert fields_in_the_page(struct.__name__) == [*struct.__struct_fields__]


def test_the_page_knows_every_outcome():
    text = TYPES.read_text(encoding="utf-8").partition("Outcome")[0]

    assert set(re.findall(r'"(\w+)"', text)) == {*Outcome}
