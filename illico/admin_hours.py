"""Administration at the terminal: when a service is open."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer

from accounts.client import AccountsClient
from accounts.errors import InvalidHoursError, UnknownServiceError
from accounts.holidays import Holiday, Region, public_holidays
from accounts.hours import HolidayHours, Interval, OpeningHours
from accounts.hours_text import (
    DAYS,
    ORDINARY,
    days_from_words,
    hours_from_text,
    intervals_from_words,
    intervals_to_words,
)
from accounts.model import ServiceId
from illico.admin_work import Slug, act
from illico.options import DataDir, database_url
from illico.screen import Screen

PANEL: Final = "Opening hours"
PARIS: Final = ZoneInfo("Europe/Paris")
CALENDAR: Final = "`always`, `never` or a calendar as JSON (accounts/README.md)."
IGNORED: Final = "ignored"
EMERGENCY: Final = "emergency"

Hours = Annotated[
    str, typer.Argument(help="08:30-12:00,13:30-18:00 or closed; 22:00-26:00 at night.")
]


def add_to(app: typer.Typer, screen: Screen) -> None:
    _show(app, screen)
    _set(app, screen)
    _set_week(app, screen)
    _set_day(app, screen)
    _set_holidays(app, screen)
    _close(app, screen)
    _reopen(app, screen)


def hours_from_words(words: str) -> OpeningHours:
    """Read `always`, `never` or a calendar.

    Raises:
        InvalidHoursError: it is none of them.
    """
    match words:
        case "always":
            return OpeningHours.always()
        case "never":
            return OpeningHours.never()
        case _:
            return hours_from_text(words)


def holidays_from_words(
    words: str, regions: list[Region], days: list[str]
) -> HolidayHours | None:
    """Read `ignored`, or the usual hours of holidays, with each one's own.

    Raises:
        InvalidHoursError: it is none of them.
    """
    if words == IGNORED:
        if regions or days:
            raise InvalidHoursError("Holidays that are ignored have no hours.")
        return None
    own = dict(_own_hours(each) for each in days)
    return HolidayHours(intervals_from_words(words), frozenset(regions), own)


def hours_facts(hours: OpeningHours) -> Iterator[tuple[str, str]]:
    """Say a calendar in rows of two words."""
    for day, intervals in zip(DAYS, hours.weekly, strict=True):
        yield day, intervals_to_words(intervals)
    yield from _holiday_facts(hours.holidays)
    for each, intervals in hours.exceptions.items():
        yield f"on {each}", intervals_to_words(intervals)
    if hours.emergency is not None:
        since, until = hours.emergency.since, hours.emergency.until
        end = f"until {_clock(until)}" if until else "until it is reopened"
        yield EMERGENCY, f"closed from {_clock(since)} {end}"


def _holiday_facts(holidays: HolidayHours | None) -> Iterator[tuple[str, str]]:
    if holidays is None:
        yield "holidays", IGNORED
        return
    where = f" (also {', '.join(sorted(holidays.regions))})" if holidays.regions else ""
    yield "holidays", intervals_to_words(holidays.usual) + where
    for holiday, intervals in holidays.own.items():
        own = ORDINARY if intervals is None else intervals_to_words(intervals)
        yield f"on {holiday}", own


def _own_hours(words: str) -> tuple[Holiday, tuple[Interval, ...] | None]:
    name, _, hours = words.partition("=")
    if name not in {*Holiday}:
        raise InvalidHoursError(
            f"{name[:20]!r} is none of {', '.join(sorted(Holiday))}."
        )
    if hours == ORDINARY:
        return Holiday(name), None
    return Holiday(name), intervals_from_words(hours)


def _show(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def show_hours(
        service: Slug,
        days: Annotated[int, typer.Option(min=1, max=400)] = 14,
        since: Annotated[
            datetime | None,
            typer.Option("--from", formats=["%Y-%m-%d"], help="The first day."),
        ] = None,
        data_dir: DataDir = None,
    ) -> None:
        """Show a service's hours of the next days, one by one."""
        first = since.date() if since else datetime.now(PARIS).date()

        async def show(accounts: AccountsClient) -> None:
            found = await accounts.service(service)
            if found is None:
                raise UnknownServiceError(f"There is no service {service!r}.")
            rows = [
                _day_row(found.hours, first + timedelta(number))
                for number in range(days)
            ]
            screen.show(found.title, ("day", "date", "hours", "because"), rows)
            for what, closed in hours_facts(found.hours):
                if what == EMERGENCY:
                    screen.tell(f"Emergency: {closed}.")
            opening = found.hours.next_opening(datetime.now(UTC))
            screen.tell(f"Next open moment: {_clock(opening) if opening else 'none'}.")

        act(show, database_url(data_dir))


def _day_row(hours: OpeningHours, day: date) -> tuple[str, str, str, str]:
    regions = hours.holidays.regions if hours.holidays else ()
    holiday = public_holidays(day.year, regions).get(day)
    because = "exception" if day in hours.exceptions else holiday or ""
    said = intervals_to_words(hours.on(day))
    return DAYS[day.weekday()], str(day), said, because


def _set(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def set_hours(
        service: Slug,
        hours: Annotated[str, typer.Argument(help=CALENDAR)],
        data_dir: DataDir = None,
    ) -> None:
        """Give a service another calendar in place of the old one."""

        async def change(accounts: AccountsClient) -> None:
            await accounts.set_hours(ServiceId(service), hours_from_words(hours))

        act(change, database_url(data_dir))
        screen.tell(f"Service {service} has new opening hours.")


def _set_week(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def set_week(
        service: Slug,
        days: Annotated[str, typer.Argument(help="mon-fri, sat, or mon,wed.")],
        hours: Hours,
        data_dir: DataDir = None,
    ) -> None:
        """Set the hours of some days of every week."""

        async def change(accounts: AccountsClient) -> None:
            await accounts.set_week(
                ServiceId(service),
                days=days_from_words(days),
                hours=intervals_from_words(hours),
            )

        act(change, database_url(data_dir))
        screen.tell(f"Service {service}, {days}: {hours}.")


def _set_day(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def set_day(
        service: Slug,
        day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"])],
        hours: Annotated[
            str, typer.Argument(help="Hours, closed, or ordinary: no exception.")
        ],
        data_dir: DataDir = None,
    ) -> None:
        """Set the hours of one exceptional day, or make it ordinary again."""

        async def change(accounts: AccountsClient) -> None:
            own = None if hours == ORDINARY else intervals_from_words(hours)
            await accounts.set_day(ServiceId(service), day.date(), own)

        act(change, database_url(data_dir))
        screen.tell(f"Service {service}, {day.date()}: {hours}.")


def _set_holidays(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def set_holidays(
        service: Slug,
        hours: Annotated[
            str, typer.Argument(help="Their usual hours, closed, or ignored.")
        ],
        region: Annotated[
            list[Region] | None, typer.Option(help="Whose holidays count too.")
        ] = None,
        day: Annotated[
            list[str] | None,
            typer.Option(help="One's own hours: whit_monday=ordinary; repeatable."),
        ] = None,
        data_dir: DataDir = None,
    ) -> None:
        """Set what public holidays' hours are."""

        async def change(accounts: AccountsClient) -> None:
            holidays = holidays_from_words(hours, region or [], day or [])
            await accounts.set_holidays(ServiceId(service), holidays)

        act(change, database_url(data_dir))
        screen.tell(f"Service {service}, public holidays: {hours}.")


def _close(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def close_service(
        service: Slug,
        since: Annotated[
            datetime | None,
            typer.Option(help="From when, on Paris clocks; now if not said."),
        ] = None,
        until: Annotated[
            datetime | None,
            typer.Option(help="When it opens again by itself, on Paris clocks."),
        ] = None,
        data_dir: DataDir = None,
    ) -> None:
        """Close a service, now or announced, whatever its calendar says."""
        start = since.replace(tzinfo=PARIS) if since else datetime.now(UTC)
        end = until.replace(tzinfo=PARIS) if until is not None else None

        async def close(accounts: AccountsClient) -> None:
            await accounts.close_service(ServiceId(service), since=start, until=end)

        act(close, database_url(data_dir))
        when = f"closed from {_clock(start)}" if since else "closed"
        screen.tell(f"Service {service} is {when}.")


def _reopen(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def reopen_service(service: Slug, data_dir: DataDir = None) -> None:
        """End an emergency close: the calendar holds again."""

        async def reopen(accounts: AccountsClient) -> None:
            await accounts.reopen_service(ServiceId(service))

        act(reopen, database_url(data_dir))
        screen.tell(f"Service {service} follows its calendar again.")


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(PARIS):%Y-%m-%d %H:%M}"
