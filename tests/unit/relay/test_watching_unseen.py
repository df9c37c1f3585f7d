"""Who watches unseen sees and reads a call by a grant alone, and nobody hears of them."""

import pytest

from relay import messages
from relay.calls import Calls
from relay.errors import NoGrantError, UnseenError
from relay.grants import Grant
from relay.messages import KeyFrameForwarded, LegCondition, Role
from relay.model import CallId, LegId, ParticipantId, ServerId
from relay.telling import Telling

CALL = CallId("c1")
CALLER, AGENT = ParticipantId("caller"), ParticipantId("agent:1")
EXPERT, BOSS = ParticipantId("expert:2"), ParticipantId("supervisor:9")
TO_BOSS = [(CALLER, BOSS), (AGENT, BOSS)]


def a_grant(*told, until=100.0):
    return Grant(CALL, BOSS, frozenset(told or (CALLER, AGENT)), until)


class Scene:
    """A call of two, each at a server of their own, with a hidden third."""

    def __init__(self):
        self.calls = Calls()
        self.now = 0.0
        self.told: list[tuple[str, messages.Event]] = []
        self.telling = Telling(self.calls, self.post, lambda: self.now)
        for name in (CALLER, AGENT, BOSS):
            self.enter(name)
        self.calls.route(CALL, 1, [*TO_BOSS, (AGENT, CALLER), (BOSS, AGENT)], now=0)

    def post(self, server, event):
        self.told.append((server, event))

    def enter(self, name, grant=None, role=None):
        server = ServerId(f"server of {name}")
        self.calls.enter(CALL, name, role, server, token=1, grant=grant)

    @property
    def call(self):
        found = self.calls.get(CALL)
        assert found is not None
        return found

    def seen_by(self, name):
        return self.call.sources_of(name, self.now)

    def hearing(self):
        heard = {server.removeprefix("server of ") for server, _ in self.told}
        self.told.clear()
        return heard

    def says(self, name):
        self.telling.content(
            messages.Say(call=CALL, participant=name, kind="text", body="x")
        )


@pytest.fixture
def scene():
    return Scene()


def test_without_a_grant_nothing_is_seen_or_read(scene):
    scene.says(CALLER)

    assert scene.seen_by(BOSS) == []
    assert scene.hearing() == {AGENT}


def test_a_grant_that_names_both_lets_see_and_read_until_it_ends(scene):
    scene.enter(BOSS, a_grant())
    scene.says(CALLER)
    assert scene.seen_by(BOSS) == [CALLER, AGENT]
    assert scene.hearing() == {AGENT, BOSS}

    scene.now = 100.0
    scene.says(CALLER)
    assert scene.seen_by(BOSS) == []
    assert scene.hearing() == {AGENT}
    assert scene.calls.lapsed(100.0) == [CALL]
    assert scene.calls.lapsed(100.0) == []


def test_while_anybody_talks_who_was_not_told_nobody_is_watched(scene):
    scene.enter(BOSS, a_grant())

    scene.enter(EXPERT)
    assert scene.seen_by(BOSS) == []

    scene.enter(BOSS, a_grant(CALLER, AGENT, EXPERT))
    assert scene.seen_by(BOSS) == [CALLER, AGENT]


def test_a_source_who_is_not_there_yet_must_have_been_told_too(scene):
    scene.calls.leave(CALL, AGENT, now=0)
    scene.enter(BOSS, a_grant(CALLER, EXPERT))

    assert scene.seen_by(BOSS) == [CALLER]


def test_one_hidden_is_no_hindrance_to_another_and_none_is_a_source(scene):
    scene.enter(BOSS, a_grant())
    scene.enter(ParticipantId("trainee:4"))

    assert scene.seen_by(BOSS) == [CALLER, AGENT]
    assert scene.seen_by(AGENT) == []


def test_who_watches_unseen_says_nothing(scene):
    scene.enter(BOSS, a_grant())

    with pytest.raises(UnseenError):
        scene.says(BOSS)

    assert scene.hearing() == set()


def test_of_a_hidden_leg_only_its_own_server_hears(scene):
    scene.enter(BOSS, a_grant())

    def tells(name, *, hidden):
        state = LegCondition.CLOSED
        scene.telling.leg_state((CALL, name), LegId("l"), state, hidden=hidden)
        return scene.hearing()

    assert tells(AGENT, hidden=False) == {CALLER, AGENT, BOSS}
    assert tells(BOSS, hidden=True) == {BOSS}
    scene.calls.leave(CALL, BOSS, now=0)
    assert tells(BOSS, hidden=True) == set()


def test_that_a_hidden_one_got_a_key_frame_is_not_told_its_source(scene):
    scene.enter(BOSS, a_grant())

    scene.telling.key_frame(CALL, 1, AGENT, BOSS, delivered=False)
    assert scene.hearing() == {BOSS}
    assert scene.call.evidence_of(AGENT) == []
    assert len(scene.call.evidence_of(BOSS)) == 1

    scene.telling.key_frame(CALL, 1, AGENT, CALLER, delivered=False)
    assert scene.hearing() == {AGENT, CALLER}
    [kept] = scene.call.evidence_of(AGENT)
    assert isinstance(kept, KeyFrameForwarded)


def test_who_becomes_an_expert_is_seen_and_may_speak(scene):
    scene.enter(BOSS, a_grant(), role=Role.EXPERT)

    scene.says(BOSS)
    assert scene.hearing() == {CALLER, AGENT}
    assert scene.seen_by(AGENT) == [BOSS]
    assert scene.seen_by(BOSS) == [CALLER, AGENT]

    scene.enter(BOSS, role=Role.SUPERVISOR)
    assert scene.seen_by(AGENT) == []
    assert scene.seen_by(BOSS) == [CALLER, AGENT]


def test_a_leg_to_watch_unseen_needs_a_grant_that_lives(scene):
    with pytest.raises(NoGrantError):
        scene.calls.check_hidden(CALL, BOSS, None, 0.0)

    scene.calls.check_hidden(CALL, BOSS, a_grant(), 0.0)
    scene.enter(BOSS, a_grant())
    scene.calls.check_hidden(CALL, BOSS, None, 99.0)
    with pytest.raises(NoGrantError):
        scene.calls.check_hidden(CALL, BOSS, None, 100.0)
