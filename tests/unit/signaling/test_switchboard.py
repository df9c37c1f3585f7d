"""Whose places are looked up, and how often; which console hears."""

from typing import Any

from signaling.switchboard import Switchboard


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
