"""Looks at the whole pool once a second, says what callers may expect, and acts in danger."""

import asyncio
import contextlib
import secrets
import time
from typing import Final

import structlog

from queueing.burn import LONG_S, SHORT_S, Alert, Past, Raised, judge
from queueing.client import QueueClient
from queueing.competition import Outlook, changed, compete
from queueing.dangers import Deed, Deeds, Thresholds
from queueing.errors import RefusedError
from queueing.forecast import (
    ENOUGH_SEEN_S,
    FEWEST_CALLS,
    SEEN_S,
    Traffic,
    forecast,
    together,
)
from queueing.model import CompanyId, RequestId, ServiceId
from queueing.rates import Rates
from queueing.survey import Survey

EVERY: Final = 1.0
"""Seconds between two looks; a look that takes long is followed by as long a rest."""

LEAD_MS: Final = 3_000
"""How long a process that estimates may be silent before another one takes over."""

log = structlog.get_logger(__name__)


class Monitor:
    """What one process knows of the pool as a whole."""

    def __init__(self, client: QueueClient) -> None:
        self._client = client
        self._process = secrets.token_hex(8)
        self._announced: dict[str, str] = {}
        self.rates = Rates()
        self.past = Past()
        self.thresholds = Thresholds()
        self.survey: Survey | None = None

    async def run(self) -> None:
        """Look for ever."""
        while True:
            began = time.monotonic()
            try:
                await self.look()
            except Exception:  # what is only told must never stop the sweeps beside it
                log.exception("the pool was not looked at")
            spent = time.monotonic() - began
            await asyncio.sleep(max(EVERY - spent, spent))

    async def look(self) -> None:
        """Count the pool; if this process leads, estimate every line anew."""
        survey = await self._client.survey()
        self.rates.look(survey.figures.tallies, survey.figures.now)
        self.past.add(survey.figures.now, survey.counted())
        self.survey = survey
        if await self._client.lead(self._process, LEAD_MS):
            outlooks = await self._outlooks(survey)
            await self._announce(outlooks)
            await self._act(survey, outlooks)
            await self._judge(survey)
            await self._foretell(survey)
        else:
            self._announced = {}

    async def _outlooks(self, survey: Survey) -> dict[str, Outlook]:
        # for how long one agent keeps a caller waiting, no rate of many can tell
        lines = [line for line in survey.lines if not line.only]
        queues = [line.queue(self.rates) for line in lines]
        # half a second for 10,000 callers of 7,000 kinds: sweeps go on meanwhile
        return await asyncio.to_thread(compete, survey.crews, queues)

    async def _announce(self, outlooks: dict[str, Outlook]) -> None:
        announced, words = changed(self._announced, outlooks)
        held = await self._client.announce(words)
        # what another one announced before, or what the store has lost
        self._announced = announced if held == len(announced) else {}

    async def _judge(self, survey: Survey) -> None:
        """Raise and clear the alerts of every service."""
        now, oldest = survey.figures.now, survey.oldest()
        was: dict[str, dict[Alert, Raised]] = {}
        for each in await self._client.alerts():
            held = Raised(each.alert, each.window_s, each.burn_permille)
            was.setdefault(each.service, {})[each.alert] = held
        for service in {*survey.figures.counts, *was}:
            before = was.get(service, {})
            found = judge(
                self.past.last(service, SHORT_S, now),
                self.past.last(service, LONG_S, now),
                oldest.get(service, 0.0),
                was=frozenset(before),
            )
            for alert in found.keys() ^ before.keys():
                raised = found.get(alert) or before[alert]
                holds = alert in found
                await self._client.set_alert(ServiceId(service), raised, holds=holds)

    async def _foretell(self, survey: Survey) -> None:
        """Say how many agents the next half hours take, once enough calls came."""
        now = survey.figures.now
        seen = self.past.watched(SEEN_S, now)
        came = {s: self.past.last(s, SEEN_S, now).queued for s in survey.figures.counts}
        if seen < ENOUGH_SEEN_S or sum(came.values()) < FEWEST_CALLS:
            return
        demand = together(
            Traffic(calls / seen, self.rates.handle(s), self.rates.patience(s))
            for s, calls in came.items()
        )
        if demand is not None:
            at_work = sum(crew.agents for crew in survey.crews)
            # a large house takes some milliseconds to count
            made = await asyncio.to_thread(forecast, now, demand, at_work)
            await self._client.foretell(made)

    async def _act(self, survey: Survey, outlooks: dict[str, Outlook]) -> None:
        """Do what the services allow for those whose promise is likely to break."""
        deeds = Deeds(survey.crews, survey.ready, self.thresholds)
        for company in survey.figures.companies:
            for one in await self._client.endangered(CompanyId(company)):
                outlook = outlooks.get(one.line)
                if outlook is None:
                    continue  # it came after the look, or waits for one agent alone
                line = outlook.line(one.deadline)
                breach = line.beyond(one.left - self.thresholds.react)
                known = self.rates.is_known(one.service)
                if deed := deeds.deed(one, breach, is_known=known):
                    await self._do(deed)

    async def _do(self, deed: Deed) -> None:
        with contextlib.suppress(RefusedError):  # it is over meanwhile
            await self._client.hasten(
                call=deed.one.call,
                leg=deed.one.leg,
                acts=deed.acts,
                trigger=deed.trigger,
                breach=deed.breach,
                request=RequestId(f"monitor-{secrets.token_hex(8)}"),
            )
