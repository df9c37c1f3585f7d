"""One browser's media leg, from its offer to its end."""

import asyncio
from collections.abc import Callable
from typing import Final

from relay.errors import IceRestartError
from relay.forwarding.browser import Browser
from relay.messages import LegCondition
from relay.model import LegId
from relay.transport.answer import Ssrcs, Transport, lines_of, write_answer
from relay.transport.ports import PortRange
from relay.transport.sdp import Offer, read_offer
from relay.transport.secure import SecureTransport, new_certificate, sha256_of

CONNECT_TIMEOUT: Final = 10.0
SILENCE: Final = 2.0
"""Seconds without a packet after which a leg that showed pictures counts as lost."""

LOST_GRACE: Final = 60.0
"""Seconds after which a lost leg is closed, though its browser still holds on to ICE."""

_CONNECTED: Final = LegCondition.CONNECTED
_LOST: Final = LegCondition.LOST


class Premises:
    """What every leg of a relay process shares."""

    def __init__(
        self, ports: PortRange, advertised: str | None, clock: Callable[[], float]
    ) -> None:
        self.ports: Final = ports
        self.advertised: Final = advertised
        self.clock: Final = clock
        self.certificate: Final = new_certificate()
        self.fingerprint: Final = sha256_of(self.certificate)


class Leg:
    """ICE, DTLS, SRTP and the streams of one browser.

    ``on_state`` hears every change; ``run`` lives as long as the leg.
    """

    def __init__(
        self,
        leg: LegId,
        premises: Premises,
        *,
        observes: bool,
        on_state: Callable[["Leg", LegCondition], None],
    ) -> None:
        self.id: Final = leg
        self.condition: LegCondition | None = None
        self._clock = premises.clock
        self._fingerprint = premises.fingerprint
        self._transport = SecureTransport(
            premises.certificate, premises.ports, premises.advertised, premises.clock
        )
        media = self._transport.media
        self.browser: Final = Browser(
            media.send_rtp, media.send_rtcp, observes=observes
        )
        media.on_rtp, media.on_rtcp = self.browser.hear_rtp, self.browser.hear_rtcp
        self._transport.tell_round_trips(self.browser.reporting.hear_rtt)
        self._on_state = on_state
        self._ssrcs = Ssrcs()
        self._offer: Offer | None = None
        self._version = 0
        self._stop = asyncio.Event()
        self._late = asyncio.Event()
        self._born = premises.clock()
        self._lost_at = 0.0

    async def answer(self, sdp: str) -> str:
        """Take an offer, the first or a later one, and answer it.

        Raises:
            BadSdpError: it is no offer.
            NoVideoError: it has no VP8 section.
            IceRestartError: it wants other ICE credentials than the first.
            FullError: no UDP port is free.
            NoAddressError: the machine has no address.

        """
        offer = read_offer(sdp)
        if self._offer is None:
            await self._transport.gather()
        elif (offer.username, offer.password) != (
            self._offer.username,
            self._offer.password,
        ):
            raise IceRestartError("a new leg restarts ICE here")
        self._offer = offer
        self._version += 1
        lines = lines_of(offer, self._ssrcs, self.id)
        self.browser.agree(lines)
        username, password = self._transport.credentials
        setup = "passive" if offer.setup == "active" else "active"
        where = Transport(
            self._transport.candidates, username, password, self._fingerprint, setup
        )
        return write_answer(offer, lines, where, self._version)

    async def run(self) -> None:
        """Connect, stay until the browser or `stop` ends it, and clean up."""
        try:
            if await self._connect():
                self._be(LegCondition.CONNECTED)
                await self._until_over()
                self._be(LegCondition.CLOSED)
            elif self._stop.is_set():
                self._be(LegCondition.CLOSED)
            else:
                self._be(LegCondition.FAILED)
        except Exception:
            self._be(LegCondition.FAILED)
            raise
        finally:
            self.browser.close()
            await self._transport.close()

    def counters(self) -> dict[str, int]:
        """Count what passed, by the names of the metrics."""
        browser, wire = self.browser, self._transport.wire
        return {
            "packets_in": wire.packets_in,
            "packets_out": wire.packets_out,
            "malformed": wire.malformed + browser.tally.malformed,
            "undecipherable": wire.undecipherable,
            "strangers": wire.strangers,
            "unknown": wire.unknown + browser.tally.unknown,
            "unsent": wire.unsent,
            "excess": wire.excess + browser.tally.excess,
            "refused": wire.refused,
            "broken": wire.broken,
            "duplicates": browser.tally.duplicates,
            "resent": browser.tally.resent,
        }

    @property
    def ports(self) -> int:
        """How many UDP ports it holds: one for each address of the machine."""
        return len(self._transport.candidates)

    async def discard(self) -> None:
        """Free the sockets of a leg that never ran."""
        self.browser.close()
        await self._transport.close()

    def stop(self) -> None:
        """End the leg soon."""
        self._stop.set()

    def tick(self, now: float) -> None:
        """Do what is due; called some fifty times a second.

        A leg that never connects fails, one that stays lost is closed: its port is freed.
        """
        if self.condition is not _CONNECTED and self.condition is not _LOST:
            if now - self._born > CONNECT_TIMEOUT:
                self._late.set()
            return
        browser = self.browser
        browser.tick(now)
        self._transport.follow()
        if now - browser.heard_at <= SILENCE:
            self._be(_CONNECTED)
        elif browser.has_shown:
            self._be_silent(now)

    def _be_silent(self, now: float) -> None:
        if self.condition is not _LOST:
            self._lost_at = now
            self._be(_LOST)
        elif now - self._lost_at > LOST_GRACE:
            self.stop()

    async def _connect(self) -> bool:
        if self._offer is None:
            return False
        offer = self._offer
        connecting = self._transport.connect(
            (offer.username, offer.password),
            offer.fingerprints,
            as_client=offer.setup != "active",
        )
        async with asyncio.TaskGroup() as tasks:
            attempt = tasks.create_task(connecting)
            stop = tasks.create_task(self._stop.wait())
            late = tasks.create_task(self._late.wait())
            done, waiting = await asyncio.wait(
                (attempt, stop, late), return_when=asyncio.FIRST_COMPLETED
            )
            for task in waiting:
                task.cancel()
        return attempt in done and attempt.result()

    async def _until_over(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            waits = (
                tasks.create_task(self._transport.ended()),
                tasks.create_task(self._stop.wait()),
            )
            _, waiting = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for task in waiting:
                task.cancel()

    def _be(self, condition: LegCondition) -> None:
        if condition is not self.condition:
            self.condition = condition
            self._on_state(self, condition)
