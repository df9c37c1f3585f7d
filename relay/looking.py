"""What the eye sees of whom: who said yes and has a leg is looked at."""

from collections.abc import Mapping

from relay import messages
from relay.calls import Calls
from relay.eye_port import EncodedFrame, Eye, EyeLoad, Verdict
from relay.forwarding.frames import Frame
from relay.forwarding.line import Kind
from relay.messages import LegCondition
from relay.model import CallId, LegId, ParticipantId
from relay.telling import Key, Post
from relay.transport.leg import Leg


class Looking:
    """Feeds the eye, where there is one, and hands on what it tells."""

    def __init__(self, calls: Calls, legs: Mapping[Key, Leg], post: Post) -> None:
        self.eye: Eye | None = None
        self.absent = "switched_off"
        self._calls = calls
        self._legs = legs
        self._post = post
        self._watched: dict[Key, LegId] = {}

    @property
    def load(self) -> EyeLoad:
        """Say how busy the eye is, also where there is none."""
        return EyeLoad(absent=self.absent) if self.eye is None else self.eye.load

    def look(self, key: Key) -> None:
        """Begin or end to look at somebody, as consent and leg have it."""
        call, leg = self._calls.get(key[0]), self._legs.get(key)
        person = call.participants.get(key[1]) if call is not None else None
        if self.eye is None:
            return
        if leg is None or person is None or not person.eye:
            self._look_away(key)
        elif key not in self._watched and leg.condition is LegCondition.CONNECTED:
            video = next(iter(leg.browser.sources(Kind.VIDEO)), None)
            if video is not None:
                self._watched[key] = leg.id
                self.eye.start(*key)
                video.show(lambda frame, now: self._show(key, frame, now))

    def key_frame_wanted(self, call: str, participant: str) -> None:
        """Ask somebody's browser for a key frame, for the eye."""
        leg = self._legs.get((CallId(call), ParticipantId(participant)))
        for video in leg.browser.sources(Kind.VIDEO) if leg is not None else ():
            video.requests.want(urgent=False)

    def verdict(self, call: str, participant: str, verdict: Verdict) -> None:
        """Hand the eye's verdict to who speaks for the person concerned."""
        known = self._calls.get(CallId(call))
        event = messages.EyeVerdict(
            call=call,
            participant=participant,
            legibility=verdict.legibility,
            reasons=tuple(verdict.reasons),
        )
        for server in known.servers_of(participant) if known is not None else ():
            self._post(server, event)

    def _show(self, key: Key, frame: Frame, now: float) -> None:
        if self.eye is not None:
            self.eye.submit(
                EncodedFrame(
                    call=key[0],
                    participant=key[1],
                    data=frame.data,
                    key=frame.key,
                    follows=frame.follows,
                    temporal_id=frame.temporal_id,
                    timestamp=frame.timestamp,
                    arrived=now,
                )
            )

    def _look_away(self, key: Key) -> None:
        watched = self._watched.pop(key, None)
        if self.eye is None or watched is None:
            return
        leg = self._legs.get(key)
        for video in leg.browser.sources(Kind.VIDEO) if leg is not None else ():
            video.show(None)
        counts = self.eye.stop(*key)
        call = self._calls.get(key[0])
        if counts is None or call is None:
            return
        event = messages.EyeCounted(
            call=key[0],
            participant=key[1],
            leg=watched,
            windows=counts.windows,
            legible=counts.legible,
            at_risk=counts.at_risk,
            lost=counts.lost,
        )
        for server in call.servers_of(key[1]):
            self._post(server, event)
