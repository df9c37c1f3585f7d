"""Imported pay: sums and numbers of people, and nobody's own."""

import pytest

from accounts.errors import InvalidInputError
from accounts.pay_words import Pay, PayKind, read_pay, share


def a_month(month="2026-11", people=5, cents=100_000, kind=PayKind.WAGES):
    return Pay(month, "fr", kind, people, cents)


def test_people_become_a_number_and_a_sum():
    text = "month;pool;kind;person;cents\n" + "".join(
        f"2026-11;fr;wages;p{number};100\n" for number in range(3)
    )

    assert read_pay(text + "2026-11;fr;fees;p9;50\n") == [
        Pay("2026-11", "fr", PayKind.FEES, 1, 50),
        Pay("2026-11", "fr", PayKind.WAGES, 3, 300),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "2026-13;fr;wages;p1;1",
        "2026-11;fr;gift;p1;1",
        "2026-11;fr;wages;p1;1,5",
        "2026-11;fr;wages;p1;-1",
        "2026-11;fr;wages;;1",
        "2026-11;fr;wages;p1",
        "2026-11;fr;wages;p1;1\n2026-11;fr;wages;p1;1",
    ],
)
def test_a_line_that_cannot_be_is_refused_with_its_number(line):
    with pytest.raises(InvalidInputError, match="Line"):
        read_pay(line)


def test_the_share_is_exact_and_cut():
    assert share([a_month(cents=59_999)], {"2026-11": 100_000}, "2026-11").shown == 5999
    assert share([a_month(cents=60_000)], {"2026-11": 100_000}, "2026-11").shown == 6000


def test_of_fewer_than_five_people_nothing_is_told():
    four, five = a_month("2026-10", people=4), a_month("2026-11", people=5)
    revenue = {"2026-10": 1, "2026-11": 1}

    assert share([five], revenue, "2026-11").shown is not None
    assert share([four, five], revenue, "2026-11").shown is None


def test_employed_and_independent_agents_are_counted_together():
    parts = [a_month(people=3), a_month(people=2, kind=PayKind.FEES)]

    found = share(parts, {"2026-11": 400_000}, "2026-11")

    assert (found.people, found.shown) == (5, 5000)


def test_a_year_is_twelve_months_and_no_later_one():
    months = [f"2025-{number:02}" for number in range(1, 13)] + ["2026-01", "2026-02"]
    pay = [a_month(month) for month in months]

    found = share(pay, dict.fromkeys(months, 100_000), "2026-01")

    assert found.months == tuple(months[1:13])


def test_a_month_that_lacks_revenue_or_pay_is_in_no_share():
    found = share([a_month("2026-10")], {"2026-11": 5}, "2026-11")

    assert (found.months, found.shown) == ((), None)
