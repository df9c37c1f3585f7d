"""What a page says of the hours of its service."""

from datetime import datetime

import pytest

from accounts.hours import HolidayHours, Interval, OpeningHours
from accounts.model import CompanyId, Service, ServiceId
from accounts.routing import Need
from signaling.opening import PARIS, Opening, opening
from signaling.protocol import ClosedReason

OFFICE = OpeningHours(((Interval.parse("08:30-18:00"),),) * 7)


def a_service(hours):
    return Service(
        id=ServiceId("aide"),
        company=CompanyId("acme"),
        company_name="Acme",
        title="Aide",
        needs=(Need("lsf", 2),),
        topics=(),
        hours=hours,
    )


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-04-30 12:00", Opening(is_open=True)),
        ("2026-04-30 07:00", Opening(False, "2026-04-30T08:30:00+02:00")),
        (
            "2026-05-01 12:00",
            Opening(False, "2026-05-02T08:30:00+02:00", ClosedReason.HOLIDAY),
        ),
    ],
)
def test_a_closed_page_says_when_it_opens_and_that_today_is_a_holiday(moment, said):
    service = a_service(OFFICE.on_holidays(HolidayHours()))
    now = datetime.fromisoformat(moment).replace(tzinfo=PARIS).timestamp()

    assert opening(service, now) == said
