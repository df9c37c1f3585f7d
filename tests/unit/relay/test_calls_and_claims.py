"""Who is in which call, who speaks for them, and who sees whom."""

import pytest

from relay.calls import CLAIM_GRACE, EMPTY_GRACE, QUIET_GRACE, Calls
from relay.errors import StaleTokenError, UnknownParticipantError
from relay.forwarding.browser import Browser
from relay.forwarding.hold import HoldPictures, Still
from relay.forwarding.line import Kind
from relay.messages import KeyFrameDelivered, KeyFrameForwarded, Role
from relay.wiring import Told, View, Wiring
from tests.unit.relay.packets import a_line


@pytest.fixture
def calls():
    return Calls()


def enter(calls, participant="caller", *, server="s1", token=None, role=None):
    return calls.enter("c1", participant, role, server, token=token)


def test_a_role_is_read_from_the_name(calls):
    assert enter(calls, "agent:7").role is Role.AGENT
    assert enter(calls, "supervisor:2").role is Role.SUPERVISOR
    with pytest.raises(UnknownParticipantError):
        enter(calls, "somebody")
    assert enter(calls, "somebody", role=Role.EXPERT).role is Role.EXPERT


def test_a_lower_token_changes_nothing(calls):
    enter(calls, token=5)
    calls.route("c1", 5, [("agent:1", "caller")], now=0)

    with pytest.raises(StaleTokenError):
        enter(calls, "agent:1", token=4)
    with pytest.raises(StaleTokenError):
        calls.route("c1", 4, [], now=0)

    call = calls.get("c1")
    assert call.routes == (("agent:1", "caller"),)
    assert list(call.participants) == ["caller"]


def test_a_claim_needs_no_token_and_takes_over(calls):
    enter(calls, token=5)

    enter(calls, server="s2")

    assert calls.get("c1").servers_of("caller") == {"s2"}
    assert calls.get("c1").token == 5


def forwarded(token, source="caller", sink="agent:1", at=0.0, kind=KeyFrameForwarded):
    return kind(call="c1", token=token, source=source, sink=sink, at=at)


def test_a_newer_token_that_enters_voids_routes_and_evidence(calls):
    enter(calls, token=1)
    call = calls.route("c1", 1, [("caller", "agent:1"), ("agent:1", "caller")], now=0)
    call.note(forwarded(1))

    enter(calls, "agent:1", token=1)
    assert len(call.routes) == 2
    assert call.evidence_of("caller") == [forwarded(1)]
    enter(calls, "agent:1", token=2)

    assert (call.token, call.routes) == (2, ())
    assert call.evidence_of("caller") == []


def test_only_the_first_evidence_of_the_ruling_token_is_kept(calls):
    call = calls.route("c1", 2, [("caller", "agent:1")], now=0)
    delivered = forwarded(2, kind=KeyFrameDelivered)

    for event in (forwarded(1), forwarded(2), forwarded(2, at=9.0), delivered):
        call.note(event)
    calls.route("c1", 2, [("caller", "agent:1"), ("agent:1", "caller")], now=1)

    assert call.evidence_of("agent:1") == [forwarded(2), delivered]
    calls.route("c1", 3, [("caller", "agent:1")], now=2)
    assert call.evidence_of("agent:1") == []


def test_whom_nobody_claims_in_time_is_overdue(calls):
    enter(calls)
    enter(calls, "agent:1", server="s2")
    calls.server_lost("s1", now=100)

    assert calls.overdue(100 + CLAIM_GRACE) == []
    assert calls.overdue(101 + CLAIM_GRACE) == [("c1", "caller")]
    enter(calls, server="s3")
    assert calls.overdue(101 + CLAIM_GRACE) == []


def test_a_call_that_stays_empty_is_forgotten(calls):
    enter(calls)
    calls.leave("c1", "caller", now=10)
    calls.route("c2", 1, [("a", "b")], now=10)

    assert calls.forget(10 + EMPTY_GRACE, ()) == []
    assert calls.forget(11 + EMPTY_GRACE, ()) == ["c1", "c2"]
    assert len(calls) == 0


def test_a_claimed_call_with_neither_legs_nor_commands_is_forgotten_in_the_end(calls):
    enter(calls)
    assert calls.forget(0, ()) == []
    assert calls.forget(QUIET_GRACE, ()) == []

    calls.participant("c1", "caller")
    assert calls.forget(QUIET_GRACE + 1, ()) == []
    assert calls.forget(2 * QUIET_GRACE + 2, {"c1"}) == []
    assert calls.forget(2 * QUIET_GRACE + 3, ()) == []
    assert calls.forget(3 * QUIET_GRACE + 4, ()) == ["c1"]


def test_routes_are_a_set_in_order_and_nobody_sees_themself(calls):
    pairs = [("b", "x"), ("a", "x"), ("b", "x"), ("x", "x")]

    assert calls.route("c1", 1, pairs, now=0).sources_of("x", 0) == ["b", "a"]


def test_words_have_an_audience_without_their_speaker(calls):
    enter(calls)
    enter(calls, "agent:1", server="s2")
    enter(calls, "expert:1", server="s2")

    assert calls.get("c1").audience_of("caller", 0) == {"s2"}
    assert calls.get("c1").audience_of("agent:1", 0) == {"s1", "s2"}


def a_browser(*lines):
    browser = Browser(lambda *_: None, lambda _: None, observes=False)
    browser.agree(lines or [a_line()])
    return browser


def wired(calls, browsers, *pairs, token=1):
    call = calls.route("c1", token, pairs, now=0)
    views = {name: View(browser) for name, browser in browsers.items()}
    told = Told(lambda *_: None, lambda *_: None)
    Wiring(call, views, 0, told, HoldPictures(Still(b"", b"")).of).apply()


def video(browser, n=0):
    return browser.outlets(Kind.VIDEO)[n].source


def test_the_nth_line_carries_the_nth_source_of_the_routes(calls):
    observer = a_browser(
        *(a_line(mid=str(n), our_ssrc=n, receives=False) for n in (1, 2))
    )
    people = {"caller": a_browser(), "agent:1": a_browser(), "supervisor:1": observer}

    wired(calls, people, ("agent:1", "supervisor:1"), ("caller", "supervisor:1"))

    assert video(observer, 0) is people["agent:1"].sources(Kind.VIDEO)[0]
    assert video(observer, 1) is people["caller"].sources(Kind.VIDEO)[0]
    assert video(people["caller"]) is None


def test_a_source_that_is_not_there_yet_keeps_its_line(calls):
    observer = a_browser(
        *(a_line(mid=str(n), our_ssrc=n, receives=False) for n in (1, 2))
    )
    people = {"caller": a_browser(), "supervisor:1": observer}

    wired(calls, people, ("agent:1", "supervisor:1"), ("caller", "supervisor:1"))

    assert video(observer, 0) is None
    assert video(observer, 1) is people["caller"].sources(Kind.VIDEO)[0]


def test_wiring_again_leaves_what_stands(calls):
    people = {"caller": a_browser(), "agent:1": a_browser()}
    both = (("caller", "agent:1"), ("agent:1", "caller"))
    wired(calls, people, *both)
    outlet = people["caller"].outlets(Kind.VIDEO)[0]
    before = outlet.watch

    wired(calls, {**people, "expert:1": a_browser()}, *both, ("expert:1", "agent:1"))

    assert outlet.watch is before


def test_a_newer_token_makes_a_new_route_with_its_own_evidence(calls):
    people = {"caller": a_browser(), "agent:1": a_browser()}
    wired(calls, people, ("agent:1", "caller"))
    outlet = people["caller"].outlets(Kind.VIDEO)[0]
    before = outlet.watch

    wired(calls, people, ("agent:1", "caller"), token=2)

    assert outlet.watch is not before
