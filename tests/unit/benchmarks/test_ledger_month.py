"""The generated month is what the queue could have written, and the same each time."""

from collections import Counter

from benchmarks.ledger import difference
from benchmarks.ledger_month import COMPANIES, POOL, a_month
from ledger import paris
from ledger.events import Kind, read_event
from queueing.messages import read_ledger_entries

MONTH = [*a_month(400)]
ENTRIES = [
    entry for noted in MONTH for entry in read_ledger_entries(POOL, "1-0", noted.text)
]


def test_the_same_month_is_drawn_again():
    assert [*a_month(400)] == MONTH
    assert [*a_month(400, seed=2)] != MONTH


def test_every_call_comes_and_ends():
    kinds = Counter(entry.kind for entry in ENTRIES)

    assert kinds["call_queued"] == kinds["call_ended"] == 400
    assert 300 < kinds["call_answered"] < 400
    assert kinds["offer_made"] == kinds["call_answered"] == kinds["wrap_up_done"]


def test_the_ledger_reads_every_event_as_what_it_is():
    events = [read_event(entry) for entry in ENTRIES]

    assert Kind.UNREADABLE not in {event.kind for event in events}
    assert [(entry.event, entry.company or "", entry.kind) for entry in ENTRIES] == [
        told for noted in MONTH for told in noted.events
    ]
    assert len({event.company for event in events}) == COMPANIES + 1


def test_entries_come_in_the_order_of_time_and_of_numbers():
    times = [entry.at for entry in ENTRIES]
    numbers = [int(entry.event.removeprefix("fr-")) for entry in ENTRIES]

    assert times == sorted(times)
    assert numbers == sorted(set(numbers))


def test_it_is_one_month_and_no_night():
    days = {paris.day_at(entry.at) for entry in ENTRIES if entry.kind == "call_queued"}

    assert {(day.year, day.month) for day in days} == {(2026, 11)}
    assert len(days) == 30


def test_what_is_lost_and_what_is_doubled_is_counted():
    one, two, three = (("fr-1", "a", "k"), ("fr-2", "a", "k"), ("fr-2", "b", "k"))

    assert difference(Counter([one, two]), Counter([one, two])) == (0, 0)
    assert difference(Counter([one, two]), Counter([one, one])) == (1, 1)
    assert difference(Counter([one, two]), Counter([one, three])) == (1, 1)
