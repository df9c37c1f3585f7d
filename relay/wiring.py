"""Routes made real: every receiving m-line bound to its source."""

from collections.abc import Callable, Mapping

from relay.calls import Call
from relay.forwarding.browser import Browser
from relay.forwarding.downlink import Downlink
from relay.forwarding.key_frames import KeyFrameWatch
from relay.forwarding.line import Kind
from relay.forwarding.uplink import Uplink
from relay.model import ParticipantId
from relay.seats import seats

OnKeyFrame = Callable[[ParticipantId, ParticipantId, bool], None]
"""Called with source, sink and whether it is delivered (or only forwarded)."""


class Wiring:
    """The streams of one call, made to follow its routes."""

    def __init__(
        self,
        call: Call,
        browsers: Mapping[ParticipantId, Browser],
        on_key_frame: OnKeyFrame,
    ) -> None:
        self._call = call
        self._browsers = browsers
        self._on_key_frame = on_key_frame

    def apply(self) -> None:
        """Bind every receiving m-line to the source that is seated there.

        What is bound already stays as it is, so nobody's picture stops because somebody
        else comes or goes.
        """
        for sink, browser in self._browsers.items():
            sources = self._call.sources_of(sink)
            for kind in Kind:
                outlets = browser.outlets(kind)
                seated = seats(sources, len(outlets))
                for source, outlet in zip(seated, outlets, strict=True):
                    self._bind(source, sink, outlet)

    def _bind(
        self, source: ParticipantId | None, sink: ParticipantId, outlet: Downlink
    ) -> None:
        up = self._stream(source, outlet.line.kind)
        if up is None or source is None:
            if outlet.source is not None:
                outlet.attach(None)
            outlet.bound = outlet.watch = None
            return
        if outlet.source is not up:
            outlet.attach(up)
        elif outlet.bound == (self._call.token, up):
            return
        outlet.bound = (self._call.token, up)
        if outlet.line.kind is Kind.VIDEO:
            outlet.watch = KeyFrameWatch()
            outlet.on_forwarded = lambda: self._on_key_frame(source, sink, False)
            outlet.on_delivered = lambda: self._on_key_frame(source, sink, True)
            up.requests.want(urgent=True)

    def _stream(self, source: ParticipantId | None, kind: Kind) -> Uplink | None:
        browser = self._browsers.get(source) if source is not None else None
        sources = browser.sources(kind) if browser is not None else []
        return next(iter(sources), None)
