"""The part of the door for the process that watches a pool: what it finds, and says."""

from collections.abc import Sequence
from typing import Final

import msgspec

from queueing.asking import Asking, valid_id
from queueing.burn import Alert, Raised
from queueing.forecast import Forecast
from queueing.model import ServiceId

_WORDS_AT_ONCE: Final = 400  # even: a line and its outlook stay together
_FORECAST_KEPT_MS: Final = 10_000


class Standing(msgspec.Struct, frozen=True):
    """An alert that holds."""

    service: str
    alert: Alert
    window_s: int
    burn_permille: int


class Watching(Asking):
    """What one process says of the pool as a whole, and everybody may read."""

    async def lead(self, process: str, kept_ms: int) -> bool:
        """Ask to be the one process that estimates, for the next so many ms."""
        return await self._store.number("lead", valid_id(process), kept_ms) == 1

    async def announce(self, words: Sequence[str]) -> int:
        """Say what lines may expect: line, outlook, line, outlook (empty: no more).

        Returns:
            The number of lines of which something is said now.
        """
        held = 0
        for begin in range(0, max(1, len(words)), _WORDS_AT_ONCE):
            some = words[begin : begin + _WORDS_AT_ONCE]
            held = await self._store.number("announce", *some)
        return held

    async def set_alert(
        self, service: ServiceId, raised: Raised, *, holds: bool
    ) -> bool:
        """Raise or clear an alert; said twice, it is in the ledger once.

        Returns:
            Whether that changed anything.
        """
        facts = {
            "alert": raised.alert,
            "window_s": raised.window_s,
            "burn_permille": raised.burn_permille,
        }
        words = (valid_id(service), raised.alert, int(holds))
        text = msgspec.json.encode(facts).decode()
        return await self._store.number("set_alert", *words, text) == 1

    async def alerts(self) -> list[Standing]:
        """Tell which alerts hold, in the order of their services."""
        rows = await self._store.rows("alerts")
        found = [
            msgspec.json.decode(facts, type=dict[str, int | str])
            | {"service": service, "alert": alert}
            for service, alert, facts in sorted(rows)
        ]
        return msgspec.convert(found, list[Standing])

    async def foretell(self, forecast: Forecast) -> None:
        """Say how many agents the next half hours take; it is forgotten after 10 s."""
        text = msgspec.json.encode(forecast).decode()
        await self._store.number("foretell", text, _FORECAST_KEPT_MS)

    async def forecast(self) -> Forecast | None:
        """Tell that again; nothing where nobody says it."""
        rows = await self._store.rows("forecast")
        return msgspec.json.decode(rows[0][0], type=Forecast) if rows else None
