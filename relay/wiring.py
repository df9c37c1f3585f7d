"""Routes made real: every receiving m-line bound to its source."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from relay.calls import Call
from relay.forwarding.browser import Browser
from relay.forwarding.downlink import Downlink
from relay.forwarding.key_frames import KeyFrameWatch
from relay.forwarding.line import Kind
from relay.forwarding.source import Source
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


@dataclass(slots=True)
class Seat:
    """Whose stream an m-line carries, and by which token; no stream: they are awaited.

    ``shown`` says that a whole picture of theirs has come to the sink this way.
    """

    source: ParticipantId
    token: int
    stream: Source | None
    shown: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class View:
    """Somebody's streams; ``silent`` where nothing has come from them for a while."""

    browser: Browser
    silent: bool = False


class Wiring:
    """The streams of one call, made to follow its routes.

    ``now`` is the time of day, by which grants end; ``hold`` gives the picture that
    stands for somebody.
    """

    def __init__(
        self,
        call: Call,
        views: Mapping[ParticipantId, View],
        now: float,
        told: Told,
        hold: Callable[[ParticipantId], Source],
    ) -> None:
        self._call = call
        self._views = views
        self._now = now
        self._told = told
        self._hold = hold

    def apply(self) -> None:
        """Bind every receiving m-line to the source that is seated there.

        What is bound already stays as it is, so nobody's picture stops because somebody
        else comes or goes.
        """
        for sink, view in self._views.items():
            sources = self._call.sources_of(sink, self._now)
            for kind in Kind:
                outlets = view.browser.outlets(kind)
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
        before = outlet.bound if isinstance(outlet.bound, Seat) else None
        seat = Seat(source, self._call.token, None)
        if before is not None and (before.source, before.token) == (source, seat.token):
            seat.shown = before.shown
        stream = seat.stream = self._stream(seat, outlet.line.kind)
        if seat == before and outlet.source is stream:
            return
        outlet.bound = seat
        if outlet.source is not stream:
            outlet.attach(stream)
        outlet.watch = None
        if isinstance(stream, Uplink) and outlet.line.kind is Kind.VIDEO:
            self._follow(seat, sink, outlet)
            stream.requests.want(urgent=outlet.waiting)

    def _follow(self, seat: Seat, sink: ParticipantId, outlet: Downlink) -> None:
        """Tell when the first whole picture of a stream has gone, and has come."""

        def delivered() -> None:
            seat.shown = True
            self._told.key_frame(seat.source, sink, True)

        outlet.watch = KeyFrameWatch()
        outlet.on_forwarded = lambda: self._told.key_frame(seat.source, sink, False)
        outlet.on_delivered = delivered

    def _stream(self, seat: Seat, kind: Kind) -> Source | None:
        """Give a source's own stream, or the picture that stands for them meanwhile.

        One who has fallen silent is replaced only where they were seen: a hold picture
        never comes before the picture that stops a caller's clock.
        """
        person = self._call.participants.get(seat.source)
        view = self._views.get(seat.source)
        streams = view.browser.sources(kind) if view is not None else []
        stream = next(iter(streams), None)
        if person is not None and person.paused:
            return self._hold(seat.source) if kind is Kind.VIDEO else None
        silent = stream is None or view is None or view.silent
        if silent and seat.shown and kind is Kind.VIDEO:
            return self._hold(seat.source)
        return stream


def seated_on(outlet: Downlink) -> ParticipantId | None:
    """Give whose stream an m-line carries, if anybody's."""
    return outlet.bound.source if isinstance(outlet.bound, Seat) else None


def _seats(
    sources: Sequence[ParticipantId], outlets: Sequence[Downlink]
) -> Mapping[str, ParticipantId]:
    before = {o.line.mid: who for o in outlets if (who := seated_on(o)) is not None}
    return seat(before, sources, [outlet.line.mid for outlet in outlets])
