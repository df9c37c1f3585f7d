"""Whom an event concerns, which console hears, whose places are looked up."""

from typing import Any

from queueing.messages import CallRinging
from queueing.model import CallId
from signaling.switchboard import Switchboard

ONE, TWO = CallId("c1"), CallId("c2")


class Socket:
    """Keeps what is posted to it."""

    def __init__(self) -> None:
        self.posted: list[Any] = []

    def post(self, event):
        self.posted.append(event)


def test_a_few_calls_are_looked_up_every_time():
    board: Any = Switchboard()
    for call in ("a", "b", "c"):
        board.join(call, object())

    assert board.next_calls(3) == ["a", "b", "c"]
    assert board.next_calls(3) == ["a", "b", "c"]


def test_many_calls_are_looked_up_in_turn_and_none_is_forgotten():
    board: Any = Switchboard()
    sockets = {call: object() for call in "abcde"}
    for call, socket in sockets.items():
        board.join(call, socket)

    assert board.next_calls(2) == ["a", "b"]
    assert board.next_calls(2) == ["c", "d"]
    board.leave("a", sockets["a"])
    assert board.next_calls(2) == ["b", "c"]
    assert board.next_calls(2) == ["d", "e"]


def test_the_newest_console_hears_and_the_one_before_it_when_that_is_gone():
    board: Any = Switchboard()
    consoles = [object(), object(), object()]
    heirs = []
    for console in consoles:
        board.plug(console)
        heirs.append((board.sign_in("agent", console), board.agent("agent")))
    first, second, third = consoles

    assert heirs == [([], first), ([first], second), ([first, second], third)]
    board.unplug(second)
    assert board.agent("agent") is third
    assert board.sign_out("agent", third) is first
    board.unplug(first)
    assert board.agent("agent") is None


def test_what_happens_to_a_call_before_the_answer_is_known_comes_after_it():
    board: Any = Switchboard()
    socket = Socket()
    told = [CallRinging(call=ONE, version=n) for n in (9, 10, 11, 12)]

    with board.expecting(socket):
        board.expect(ONE, socket)
        for event in told[:3]:
            board.queue_event(event)
        board.queue_event(CallRinging(call=TWO, version=13))
        before = list(socket.posted)
        board.join(ONE, socket, since=10)
    board.queue_event(told[3])

    assert (before, socket.posted) == ([], told[2:])


def test_who_was_refused_is_told_nothing():
    board: Any = Switchboard()
    socket = Socket()

    with board.expecting(socket):
        board.expect(ONE, socket)
        board.expect(TWO, socket)
        board.queue_event(CallRinging(call=ONE, version=1))
    board.queue_event(CallRinging(call=TWO, version=2))
    board.join(TWO, socket)

    assert socket.posted == []


def test_a_socket_that_asks_for_its_own_call_again_hears_everything_once():
    board: Any = Switchboard()
    socket = Socket()
    board.join(ONE, socket)
    event = CallRinging(call=ONE, version=1)

    with board.expecting(socket):
        board.expect(ONE, socket)
        board.queue_event(event)
        board.join(ONE, socket)

    assert socket.posted == [event]
