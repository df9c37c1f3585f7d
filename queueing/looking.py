"""The part of the door by which people and processes look, and nothing changes."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from queueing.asking import Asking, valid_id
from queueing.dangers import MOST_WATCHED, Endangered
from queueing.inventory import Inventory, read_inventory
from queueing.model import (
    AgentId,
    AgentState,
    AgentView,
    CallId,
    CallView,
    CompanyId,
    Wait,
)
from queueing.survey import (
    Survey,
    read_crews,
    read_endangered,
    read_figures,
    read_lines,
    read_staff,
    read_states,
    read_waits,
)
from queueing.views import read_agent, read_call

_AGENTS_AT_ONCE: Final = 200
_AT_ONCE: Final = 50
"""How many records one look reads: one or two milliseconds of the store's time."""

Id = TypeVar("Id", bound=str)


class Looking(Asking):
    """Looks at calls, agents and the pool as a whole."""

    async def view(self, call: CallId) -> CallView | None:
        """Look at a call; one that ended more than an hour ago is gone."""
        flat = await self._store.function("view", valid_id(call))
        return read_call(flat) if flat else None

    async def agent_view(self, agent: AgentId) -> AgentView | None:
        """Look at an agent."""
        flat = await self._store.function("agent_view", valid_id(agent))
        return read_agent(flat) if flat else None

    async def waits(self, calls: Sequence[CallId]) -> dict[CallId, Wait]:
        """Tell where each of these calls stands that is queued, and for how long.

        What is expected is as old as the last look of the queueing process: a second,
        or none at all where no such process runs.
        """
        found: dict[CallId, Wait] = {}
        for some in _pieces(calls):
            found |= read_waits(await self._store.rows("waits", *some))
        return found

    async def inventory(self, most: int = 500) -> Inventory:
        """Lay the pool open as it is at one moment, at most so many calls and agents.

        The store stands still meanwhile: about 20 µs a record.
        """
        return read_inventory(await self._store.rows("inventory", most))

    async def survey(self) -> Survey:
        """Count the pool, a piece at a time: the store never stands still for it."""
        told = await self._store.rows("figures")
        services = next(row for kind, *row in told if kind == "services")
        for some in _pieces(services):
            told += await self._store.rows("counted", *some)
        figures = read_figures(told)
        lines = [
            line
            for company in figures.companies
            for line in read_lines(company, await self._store.rows("lines", company))
        ]
        rows = await self._crews()
        return Survey(
            figures=figures,
            lines=tuple(lines),
            crews=read_crews(rows, figures.scarce),
            ready=read_crews(rows, figures.scarce, {AgentState.READY}),
            states=read_states(rows),
        )

    async def staff(self) -> dict[CompanyId, dict[AgentState, int]]:
        """Count, for each company, the agents who may answer for it, by their state."""
        return read_staff(await self._crews())

    async def _crews(self) -> list[list[str]]:
        rows: list[list[str]] = []
        cursor = "0"
        while True:
            (cursor,), *page = await self._store.rows("crews", cursor, _AGENTS_AT_ONCE)
            rows += page
            if cursor == "0":
                return rows

    async def endangered(
        self, company: CompanyId, most: int = MOST_WATCHED
    ) -> list[Endangered]:
        """Tell who waits with something left to be done in danger, the first ones."""
        rows = await self._store.rows("endangered", valid_id(company), most)
        return read_endangered(company, rows)


def _pieces(names: Sequence[Id]) -> Iterator[Sequence[Id]]:
    for begin in range(0, len(names), _AT_ONCE):
        yield names[begin : begin + _AT_ONCE]
