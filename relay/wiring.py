"""Routes made real: every receiving m-line bound to its source."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from relay.calls import Call
from relay.forwarding.browser import Browser
from relay.forwarding.downlink import Downlink
from relay.forwarding.key_frames import KeyFrameWatch
from relay.forwarding.line import Kind
from relay.forwarding.uplink import Uplink
from relay.model import ParticipantId
from relay.seats import seat


@dataclass(frozen=True, slots=True)
class Told:
    """Who hears what happens on the lines.

    ``key_frame`` is given source, sink and whether it is delivered (or only forwarded);
    ``line`` a sink, the `mid` of its video line, and whose picture that carries now.
    """

    key_frame: Callable[[ParticipantId, ParticipantId, bool], None]
    line: Callable[[ParticipantId, str, ParticipantId | None], None]


@dataclass(frozen=True, slots=True)
class Seat:
    """Whose stream an m-line carries, and by which token; no stream: they are awaited."""

    source: ParticipantId
    token: int
    stream: Uplink | None


class Wiring:
    """The streams of one call, made to follow its routes.

    ``now`` is the time of day, by which grants end.
    """

    def __init__(
        self,
        call: Call,
        browsers: Mapping[ParticipantId, Browser],
        now: float,
        told: Told,
    ) -> None:
        self._call = call
        self._browsers = browsers
        self._now = now
        self._told = told

    def apply(self) -> None:
        """Bind every receiving m-line to the source that is seated there.

        What is bound already stays as it is, so nobody's picture stops because somebody
        else comes or goes.
        """
        for sink, browser in self._browsers.items():
            sources = self._call.sources_of(sink, self._now)
            for kind in Kind:
                outlets = browser.outlets(kind)
                seated = _seats(sources, outlets)
                for outlet in outlets:
                    source = seated.get(outlet.line.mid)
                    if kind is Kind.VIDEO and source != seated_on(outlet):
                        self._told.line(sink, outlet.line.mid, source)
                    self._bind(source, sink, outlet)

    def _bind(
        self, source: ParticipantId | None, sink: ParticipantId, outlet: Downlink
    ) -> None:
        if source is None:
            outlet.attach(None)
            outlet.bound = outlet.watch = None
            return
        up = self._stream(source, outlet.line.kind)
        before, outlet.bound = outlet.bound, Seat(source, self._call.token, up)
        if outlet.bound == before and outlet.source is up:
            return
        if outlet.source is not up:
            outlet.attach(up)
        outlet.watch = None
        if up is not None and outlet.line.kind is Kind.VIDEO:
            outlet.watch = KeyFrameWatch()
            outlet.on_forwarded = lambda: self._told.key_frame(source, sink, False)
            outlet.on_delivered = lambda: self._told.key_frame(source, sink, True)
            up.requests.want(urgent=True)

    def _stream(self, source: ParticipantId | None, kind: Kind) -> Uplink | None:
        browser = self._browsers.get(source) if source is not None else None
        sources = browser.sources(kind) if browser is not None else []
        return next(iter(sources), None)


def seated_on(outlet: Downlink) -> ParticipantId | None:
    """Give whose stream an m-line carries, if anybody's."""
    return outlet.bound.source if isinstance(outlet.bound, Seat) else None


def _seats(
    sources: Sequence[ParticipantId], outlets: Sequence[Downlink]
) -> Mapping[str, ParticipantId]:
    before = {o.line.mid: who for o in outlets if (who := seated_on(o)) is not None}
    return seat(before, sources, [outlet.line.mid for outlet in outlets])
