"""A new call goes to the healthy relay with the least to do, and a rush to all of them."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from signaling.placement import Placement


@dataclass
class Load:
    cpu_share: float = 0.0
    calls: int = 0
    room: int = 100
    draining: bool = False


LOADS = st.builds(
    Load,
    cpu_share=st.floats(0, 1),
    calls=st.integers(0, 60),
    room=st.integers(0, 3),
    draining=st.booleans(),
)
PLATFORMS = st.dictionaries(
    st.sampled_from(["r1", "r2", "r3", "r4"]), st.none() | LOADS, min_size=1
)
CHANCES = st.floats(0, 1)


def place(loads, **facts):
    return Placement().place(loads, chance=0.0, **facts)


def rush(loads, calls, chance=0.0):
    """Where so many calls go between two words of the relays."""
    placement = Placement()
    return [placement.place(loads, chance=chance) for _ in range(calls)]


def healthy(load):
    return load is not None and not load.draining


def test_the_relay_with_the_least_work_gets_the_call():
    assert place({"r1": Load(0.5), "r2": Load(0.1)}) == "r2"


def test_calls_that_only_wait_count_as_the_work_that_they_will_be():
    assert place({"r1": Load(0.05, calls=30), "r2": Load(0.2, calls=10)}) == "r2"


def test_a_relay_without_room_gets_no_call_while_another_has_some():
    assert place({"r1": Load(room=0), "r2": Load(0.9, calls=50)}) == "r2"


def test_a_draining_or_silent_relay_gets_no_call():
    assert place({"r1": None, "r2": Load(draining=True), "r3": Load(0.9)}) == "r3"


def test_without_a_healthy_relay_the_call_is_placed_all_the_same():
    assert place({"r1": None, "r2": None}) == "r1"


def test_a_relay_that_a_call_leaves_is_not_chosen_for_it():
    assert place({"r1": Load(), "r2": Load(0.9)}, but="r1") == "r2"
    assert place({"r1": Load(), "r2": None}, but="r1") == "r2"
    assert place({"r1": Load()}, but="r1") == "r1"


def test_chance_decides_between_equals():
    loads = {"r1": Load(), "r2": Load()}

    assert {Placement().place(loads, chance=c) for c in (0.2, 0.7, 1.0)} == {"r1", "r2"}


def test_what_was_placed_counts_until_the_relay_speaks_again():
    loads = {"r1": Load(calls=0), "r2": Load(calls=3)}
    placement = Placement()
    rush = [placement.place(loads, chance=0.0) for _ in range(5)]
    after = placement.place({**loads, "r1": Load(calls=2)}, chance=0.0)

    assert rush == ["r1", "r1", "r1", "r1", "r2"]
    assert after == "r1"


def test_a_relay_that_found_no_port_gets_no_call_until_it_speaks_again():
    loads = {"r1": Load(), "r2": Load(0.9)}
    placement = Placement()
    assert placement.place(loads, chance=0.0) == "r1"

    placement.refused("r1")

    assert placement.place(loads, chance=0.0) == "r2"
    assert placement.is_room(loads, but="r1")
    assert not placement.is_room(loads, but="r2")
    assert placement.place({**loads, "r1": Load()}, chance=0.0) == "r1"


@given(PLATFORMS, CHANCES)
def test_nobody_is_sent_to_a_full_or_ending_relay_while_another_has_room(loads, chance):
    chosen = loads[Placement().place(loads, chance=chance)]

    if any(healthy(load) and load.room for load in loads.values()):
        assert healthy(chosen)
        assert chosen.room
    elif any(healthy(load) for load in loads.values()):
        assert healthy(chosen)


@given(PLATFORMS, CHANCES, st.integers(1, 12))
def test_no_rush_fills_a_relay_beyond_its_room_while_another_has_some(
    loads, chance, calls
):
    room = {name: load.room for name, load in loads.items() if healthy(load)}
    gone = rush(loads, calls, chance)

    if calls <= sum(room.values()):
        assert all(gone.count(name) <= left for name, left in room.items())


@given(st.integers(1, 5), st.integers(0, 40), CHANCES)
def test_a_rush_is_shared_out_evenly_among_equals(relays, calls, chance):
    names = [f"r{number}" for number in range(relays)]
    gone = rush({name: Load() for name in names}, calls, chance)

    shares = [gone.count(name) for name in names]
    assert max(shares) - min(shares) <= 1
