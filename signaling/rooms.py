"""The other rooms, as a session needs them: queue, relays, accounts, clock."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from accounts.client import AccountsClient
from queueing.client import QueueClient
from relay.client import RelayClient
from signaling import protocol
from signaling.catalogue import Catalogue
from signaling.ends import Ends
from signaling.errands import Errands
from signaling.errors import UnavailableError
from signaling.moving import Turns
from signaling.placement import Load, Placement
from signaling.roll_call import RollCall
from signaling.sessions import Sessions
from signaling.settings import Settings
from signaling.spool import Spool
from signaling.switchboard import Switchboard


@dataclass(frozen=True, slots=True)
class Rooms:
    """Everything that a session talks to; made once per process."""

    settings: Settings
    queue: QueueClient
    accounts: AccountsClient
    relays: Mapping[str, RelayClient]
    catalogue: Catalogue
    switchboard: Switchboard
    ends: Ends
    errands: Errands
    roll_call: RollCall
    sessions: Sessions
    spool: Spool
    turns: Turns
    clock: Callable[[], float]
    placement: Placement = field(default_factory=Placement)

    def relay(self, name: str) -> RelayClient:
        """Give the client of one relay.

        Raises:
            UnavailableError: the settings of this process do not name it.

        """
        try:
            return self.relays[name]
        except KeyError as error:
            raise UnavailableError from error

    def place_call(self, but: str | None = None) -> str:
        """Name the relay of a new call, or of one that leaves the relay ``but``."""
        chance = secrets.randbelow(1024) / 1024
        return self.placement.place(self._loads(), chance=chance, but=but)

    def relay_instead_of(self, name: str) -> str | None:
        """Name the relay that takes a call over; None where no other one can."""
        loads = [client.load for n, client in self.relays.items() if n != name]
        if all(load is None or load.draining for load in loads):
            return None
        return self.place_call(but=name)

    def is_room_besides(self, full: str) -> bool:
        """Tell whether a relay has ports for a call that has found none at another."""
        self.placement.refused(full)
        return self.placement.is_room(self._loads(), but=full)

    def _loads(self) -> dict[str, Load | None]:
        return {name: client.load for name, client in self.relays.items()}

    def since_ms(self, moment: float) -> int:
        """Milliseconds since a moment of the queue's clock, never negative."""
        return max(0, self.signed_ms(moment))

    def signed_ms(self, moment: float) -> int:
        """Milliseconds since a moment, negative where it lies ahead."""
        return round((self.clock() - moment) * 1000)

    def ended(
        self,
        call: str,
        reason: str,
        t0: float,
        t1: float | None,
        again: str | None = None,
    ) -> protocol.Ended:
        """Say to a page how its call ended; it hears so a moment after it did."""
        answered = t1 or self.clock()
        return protocol.Ended(
            call=call,
            reason=reason,
            waited_ms=max(0, round((answered - t0) * 1000)),
            talk_ms=self.since_ms(answered),
            again=again,
        )
