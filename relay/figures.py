"""How the legs of a call fare, for who looks after the platform."""

import msgspec

from relay.calls import Participant
from relay.forwarding.line import Kind
from relay.messages import LegFigures
from relay.transport.leg import Leg
from relay.wiring import seated_on


def figures_of(person: Participant, leg: Leg | None) -> LegFigures:
    """Say how a participant's leg fares, or that there is none."""
    known = LegFigures(
        participant=person.id,
        role=person.role,
        hidden=person.is_hidden,
        paused=person.paused,
    )
    if leg is None:
        return known
    browser, reading = leg.browser, leg.browser.meter.reading
    seen = (seated_on(outlet) for outlet in browser.outlets(Kind.VIDEO))
    return msgspec.structs.replace(
        known,
        leg=leg.id,
        state=leg.condition,
        sees=tuple(who for who in seen if who is not None),
        rtt_ms=round(browser.reporting.rtt * 1000),
        in_kbps=round(reading.in_bps / 1000),
        out_kbps=round(reading.out_bps / 1000),
        told_kbps=round(browser.steering.told_bps / 1000),
        fps=round(reading.fps, 1),
        lost_in=round(reading.lost_in, 3),
        lost_out=round(reading.lost_out, 3),
    )
