"""What the eye sees of whom: who said yes and has a leg is looked at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from relay import messages
from relay.calls import Calls
from relay.eye_port import Counts, EncodedFrame, Eye, EyeLoad, Verdict
from relay.forwarding.frames import Frame
from relay.forwarding.line import Kind
from relay.messages import LegCondition
from relay.model import CallId, LegId, ParticipantId
from relay.telling import Key, Post
from relay.transport.leg import Leg


@dataclass(slots=True)
class _Watched:
    """Somebody who is looked at over a leg."""

    leg: LegId
    is_talking: bool = False


@dataclass(slots=True)
class _Sum:
    """What was counted in a call, of everybody and every leg together."""

    leg: LegId
    windows: int = 0
    legible: int = 0
    at_risk: int = 0
    lost: int = 0

    def add(self, leg: LegId, counts: Counts) -> None:
        self.leg = leg
        self.windows += counts.windows
        self.legible += counts.legible
        self.at_risk += counts.at_risk
        self.lost += counts.lost


class Looking:
    """Feeds the eye, where there is one, and hands on what it tells."""

    def __init__(
        self,
        calls: Calls,
        legs: Mapping[Key, Leg],
        post: Post,
        clock: Callable[[], float],
    ) -> None:
        self.eye: Eye | None = None
        self.absent = "switched_off"
        self._calls = calls
        self._legs = legs
        self._post = post
        self._clock = clock
        self._watched: dict[Key, _Watched] = {}
        self._sums: dict[CallId, _Sum] = {}

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
            if not any(owner == key[0] for owner, _ in self._legs):
                self._tell_sum(key)
        elif key not in self._watched and leg.condition is LegCondition.CONNECTED:
            video = next(iter(leg.browser.sources(Kind.VIDEO)), None)
            if video is not None:
                self._watched[key] = _Watched(leg.id)
                self.eye.start(*key)
                self.eye.count(*key, None)
                self._follow(key)
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

    def follow(self, call_id: CallId) -> None:
        """Let count what is seen of a conversation: somebody is seen and sees."""
        for key in self._watched:
            if key[0] == call_id:
                self._follow(key)

    def _follow(self, key: Key) -> None:
        call, watched = self._calls.get(key[0]), self._watched[key]
        is_talking = call is not None and call.is_talking(key[1])
        if self.eye is not None and is_talking != watched.is_talking:
            watched.is_talking = is_talking
            self.eye.count(*key, self._clock() if is_talking else None)

    def _look_away(self, key: Key) -> None:
        watched = self._watched.pop(key, None)
        if self.eye is None or watched is None:
            return
        leg = self._legs.get(key)
        for video in leg.browser.sources(Kind.VIDEO) if leg is not None else ():
            video.show(None)
        counts = self.eye.stop(*key)
        if counts is not None:
            total = self._sums.setdefault(key[0], _Sum(watched.leg))
            total.add(watched.leg, counts)

    def _tell_sum(self, key: Key) -> None:
        """Tell what was counted in a call, of everybody together, at its last leg."""
        total, call = self._sums.pop(key[0], None), self._calls.get(key[0])
        if total is None or call is None or not total.windows:
            return
        event = messages.EyeCounted(
            call=key[0],
            leg=total.leg,
            windows=total.windows,
            legible=total.legible,
            at_risk=total.at_risk,
            lost=total.lost,
        )
        speaking = call.servers_of(key[1]) or call.servers_of(*call.participants)
        for server in sorted(speaking)[:1]:
            self._post(server, event)
