"""A new call goes to the healthy relay with the least to do."""

from dataclasses import dataclass

from signaling.placement import choose


@dataclass
class Load:
    cpu_share: float = 0.0
    calls: int = 0
    draining: bool = False


def test_the_relay_with_the_least_work_gets_the_call():
    assert choose({"r1": Load(0.5), "r2": Load(0.1)}) == "r2"


def test_fewer_calls_decide_where_the_work_is_equal():
    assert choose({"r1": Load(calls=3), "r2": Load(calls=2)}) == "r2"


def test_a_draining_or_silent_relay_gets_no_call():
    assert choose({"r1": None, "r2": Load(draining=True), "r3": Load(0.9)}) == "r3"


def test_without_a_healthy_relay_the_call_is_placed_all_the_same():
    assert choose({"r1": None, "r2": None}) == "r1"
