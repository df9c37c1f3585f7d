"""Whom the eye looks at, and what of it is counted: the call's talk, of all together."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from relay import messages
from relay.calls import Calls
from relay.eye_port import EyeLoad
from relay.looking import Looking
from relay.messages import LegCondition, Role
from relay.model import CallId, LegId, ParticipantId, ServerId

CALL = CallId("call-1")
CALLER, AGENT = ParticipantId("caller"), ParticipantId("agent:7")
BOTH_WAYS = [(CALLER, AGENT), (AGENT, CALLER)]


@dataclass(frozen=True)
class Counted:
    windows: int
    legible: int
    at_risk: int = 0
    lost: int = 0


class FakeEye:
    """Counts three windows of whoever is stopped, one of them not legible."""

    load = EyeLoad()

    def __init__(self):
        self.seen: set[tuple[str, str]] = set()
        self.counting: dict[tuple[str, str], float | None] = {}

    def start(self, call, participant):
        self.seen.add((call, participant))
        self.counting[call, participant] = -1.0

    def count(self, call, participant, since):
        self.counting[call, participant] = since

    def submit(self, frame):
        pass

    def stop(self, call, participant):
        self.seen.discard((call, participant))
        return Counted(3, 2, lost=1)


class FakeVideo:
    def show(self, watcher):
        pass


@dataclass
class FakeBrowser:
    video: FakeVideo = field(default_factory=FakeVideo)

    def sources(self, _kind):
        return [self.video]


@dataclass
class FakeLeg:
    id: LegId
    condition: LegCondition = LegCondition.CONNECTED
    browser: FakeBrowser = field(default_factory=FakeBrowser)


class House:
    """One call on a relay, with legs that come and go."""

    def __init__(self):
        self.now = 100.0
        self.calls = Calls()
        self.told: list[tuple[str, messages.EyeCounted]] = []
        self.legs: dict[Any, Any] = {}
        self.looking = Looking(
            self.calls,
            self.legs,
            lambda server, event: self.told.append((server, event)),  # type: ignore[arg-type]
            lambda: self.now,
        )
        self.looking.eye = self.eye = FakeEye()
        for name, role in ((CALLER, Role.CALLER), (AGENT, Role.AGENT)):
            self.calls.enter(CALL, name, role, ServerId(f"of {name}"), token=1)

    def says(self, name, *, yes):
        self.calls.participant(CALL, name).eye = yes
        self.looking.look((CALL, name))

    def comes(self, name, leg):
        self.legs[CALL, name] = FakeLeg(LegId(leg))
        self.looking.look((CALL, name))

    def goes(self, name):
        del self.legs[CALL, name]
        self.looking.look((CALL, name))

    def routes(self, *pairs, token=1):
        self.calls.route(CALL, token, pairs, self.now)
        self.looking.follow(CALL)


@pytest.fixture
def house():
    house = House()
    for name in (CALLER, AGENT):
        house.calls.participant(CALL, name).eye = True
        house.comes(name, f"leg of {name}")
    return house


def test_who_waits_is_looked_at_and_not_counted(house):
    assert house.eye.counting[CALL, CALLER] is None


def test_counting_begins_when_both_see_each_other(house):
    house.routes((AGENT, CALLER))
    assert house.eye.counting[CALL, CALLER] is None

    house.now = 130.0
    house.routes(*BOTH_WAYS)

    assert set(house.eye.counting.values()) == {130.0}


def test_a_route_that_stays_does_not_begin_anew(house):
    house.routes(*BOTH_WAYS)
    house.now = 150.0
    house.routes(*BOTH_WAYS)

    assert set(house.eye.counting.values()) == {100.0}


def test_counting_ends_while_the_call_goes_to_somebody_else(house):
    house.routes(*BOTH_WAYS)

    house.routes(token=2)

    assert set(house.eye.counting.values()) == {None}


def test_who_says_yes_in_the_middle_is_counted_from_then_on(house):
    house.says(CALLER, yes=False)
    house.routes(*BOTH_WAYS)
    house.now = 170.0

    house.says(CALLER, yes=True)

    assert house.eye.counting[CALL, CALLER] == 170.0


def test_a_no_is_heard_at_once_and_told_to_nobody(house):
    house.routes(*BOTH_WAYS)

    house.says(CALLER, yes=False)

    assert house.eye.seen == {(CALL, AGENT)}
    assert house.told == []


def test_at_the_end_one_sum_is_told_of_everybody_and_every_leg(house):
    house.routes(*BOTH_WAYS)
    house.goes(CALLER)
    house.comes(CALLER, "another leg")
    house.says(AGENT, yes=False)
    house.goes(AGENT)
    assert house.told == []

    house.goes(CALLER)

    [(server, event)] = house.told
    assert server == f"of {CALLER}"
    assert event == messages.EyeCounted(
        call=CALL, leg="another leg", windows=9, legible=6, at_risk=0, lost=3
    )


def test_nothing_told_names_a_person(house):
    fields = set(messages.EyeCounted.__struct_fields__)

    assert fields == {"call", "leg", "windows", "legible", "at_risk", "lost"}


def test_where_nobody_was_looked_at_nothing_is_told(house):
    quiet = House()
    quiet.comes(CALLER, "leg")
    quiet.goes(CALLER)

    assert quiet.told == []
