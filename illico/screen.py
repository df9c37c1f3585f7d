"""What the person at the terminal sees: calm, whole sentences, no traceback."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from rich.console import Console, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from illico.demo import House, Login
from illico.plan import Ground

NO_SERVICE: Final = (
    "Nobody can call yet: `illico admin add-company` and `illico admin add-service`"
    " make a company and its page, `illico admin --help` names the rest."
)
LOST_LOGINS: Final = (
    "The demo's passwords are not in the data folder (any more):"
    " `illico admin set-password LOGIN` sets a new one."
)
OWN_CERTIFICATE: Final = (
    "Illico made the certificate itself, so each browser warns once:"
    " go on to the page, there and on the portal."
)


class Screen:
    """Writes to one console; errors go to the other."""

    def __init__(self, console: Console, errors: Console) -> None:
        self._console = console
        self._errors = errors

    @property
    def errors(self) -> Console:
        """Where what is not the result goes, such as a bar of progress."""
        return self._errors

    def tell(self, sentence: str) -> None:
        self._console.print(escape(sentence), soft_wrap=True, highlight=False)

    def complain(self, sentence: str) -> None:
        self._errors.print(escape(sentence), soft_wrap=True, highlight=False)

    def show(
        self, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]
    ) -> None:
        """Show a table; through a pipe too, nothing of a cell is cut off."""
        table = Table(title=title, title_justify="left")
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*map(escape, row))
        self._console.print(table)

    def draw(self, picture: RenderableType) -> None:
        self._console.print(picture)

    @contextmanager
    def moving(self) -> Iterator[Callable[[RenderableType], None]]:
        """Give a function that draws a picture in the place of the one before."""
        if not self._console.is_terminal:
            yield self.draw  # a file keeps them all
            return
        with Live(console=self._console, screen=True, auto_refresh=False) as live:
            yield lambda picture: live.update(picture, refresh=True)

    def greet(self, ground: Ground, house: House) -> None:
        """Say that the platform serves, where, and who may sign in."""
        if house.logins is None:
            self.tell(LOST_LOGINS)
        elif house.logins:
            self._console.print(_table(house.logins))
        if not house.services:
            self.tell(NO_SERVICE)
        for what, address in addresses(ground, house.services):
            self.tell(f"{what:<11}{address}")
        if ground.has_own_certificate:
            self.tell(OWN_CERTIFICATE)
        self.tell("Illico is ready. Ctrl-C ends it.")


def addresses(ground: Ground, services: Sequence[str]) -> list[tuple[str, str]]:
    """Name the pages to open, in the order in which one tries them."""
    first, *others = ground.urls
    lines = [("Callers", f"{first}/{service}") for service in services]
    lines.append(("Agents", f"{first}/agent"))
    for other in others:
        pages = [f"{other}/{service}" for service in services[:1]]
        lines.append(("And also", "  ".join([*pages, f"{other}/agent"])))
    lines.append(("Companies", f"{ground.portal_url}/"))
    return [
        (what if number == 0 or lines[number - 1][0] != what else "", address)
        for number, (what, address) in enumerate(lines)
    ]


def _table(logins: Sequence[Login]) -> Table:
    table = Table(title="The demo's people", title_justify="left")
    table.add_column("login", no_wrap=True)
    table.add_column("password", no_wrap=True)
    table.add_column("role", no_wrap=True)
    table.add_column("who")
    for each in logins:
        table.add_row(*map(escape, (each.login, each.password, each.role, each.what)))
    return table
