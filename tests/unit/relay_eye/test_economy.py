"""When there is not time for all, everybody gets less, and everybody gets the same."""

from dataclasses import dataclass, field

import pytest

from relay.eye.backlog import Backlog
from relay.eye.economy import AT_ONCE, HEARD_ROUNDS, LEAST_ROOM, STRETCH, Economy, Turns
from relay.eye.messages import Picture, Tick
from relay.eye.model import Legibility, Verdict
from relay.eye.pace import Pace
from relay.eye.stream import Stream
from relay.eye.thresholds import read_thresholds

THRESHOLDS = read_thresholds()
FPS = 30
ROUND = FPS // 2
DECODE_S, SAMPLE_S, HANDS_S = 0.0005, 0.001, 0.02
"""Of a processor, about what it is for pictures of 480 lines."""


def test_when_all_is_well_nobody_waits():
    economy = Economy()

    for _ in range(20):
        economy.measure(0.1, busy=0.5)

    assert economy.factor == 1
    assert economy.places(50) == 50


def test_it_saves_at_once_and_spends_slowly():
    economy = Economy()

    economy.measure(1.0, busy=1)
    assert economy.stretch == STRETCH
    economy.measure(0.0, busy=0.1)
    assert economy.stretch > 0.9 * STRETCH
    for _ in range(40):
        economy.measure(0.0, busy=0.1)
    assert economy.factor == 1


def test_a_queue_that_shrinks_by_itself_is_left_alone():
    economy = Economy()

    economy.measure(2.0, busy=1)
    for late_s in (1.8, 1.5, 1.2, 0.9, 0.6):
        economy.measure(late_s, busy=1)

    assert economy.room == 1


def test_workers_that_just_manage_are_given_no_more():
    economy = Economy()
    economy.measure(1.0, busy=1)

    for _ in range(20):
        economy.measure(0.0, busy=0.9)

    assert economy.stretch == STRETCH


def test_looking_less_often_comes_before_taking_turns():
    economy = Economy()

    economy.measure(0.6, busy=1)
    assert economy.places(50) == 50
    for _ in range(HEARD_ROUNDS):
        economy.measure(0.9, busy=1)
    assert economy.places(50) == 50
    economy.measure(1.1, busy=1)

    assert economy.places(50) < 50


def test_somebody_is_always_looked_at():
    economy = Economy()
    for _ in range(50):
        economy.measure(9.0, busy=1)

    assert economy.room == LEAST_ROOM
    assert economy.places(3) == 1
    assert economy.places(0) == 0


def test_turns_are_as_long_for_everybody():
    turns, looked = Turns(), dict.fromkeys(range(10), 0)
    for stream in looked:
        turns.enter(stream, 0)
    turns.allot(4, 0)

    for second in range(600):
        turns.allot(4, second)
        assert turns.resting == 6
        for stream in looked:
            looked[stream] += not turns.is_resting(stream)

    assert max(looked.values()) - min(looked.values()) <= 15


def test_turns_of_one_stream_begin_half_a_minute_apart():
    turns, began, at = Turns(), [], 0
    for stream in range(10):
        turns.enter(stream, 0)

    was_resting = False
    for at in range(600):
        turns.allot(4, at)
        if was_resting and not turns.is_resting(3):
            began.append(at)
        was_resting = turns.is_resting(3)

    assert len(began) > 10
    assert began[-1] - began[0] >= 29 * (len(began) - 1)


def test_who_leaves_makes_room_and_nobody_rests_without_need():
    turns = Turns()
    for stream in range(4):
        turns.enter(stream, 0)
    assert turns.allot(2, 1) == [0, 1]
    assert turns.resting == 2

    turns.leave(2)
    turns.leave(3)
    turns.allot(2, 2)

    assert turns.resting == 0


def test_of_many_who_come_at_once_some_begin_a_moment_later():
    turns = Turns()
    for stream in range(3 * AT_ONCE):
        turns.enter(stream, 0)

    resting = [turns.resting]
    for _ in range(3):
        assert turns.allot(3 * AT_ONCE, 1) == []
        resting.append(turns.resting)

    assert resting == [2 * AT_ONCE, AT_ONCE, 0, 0]


@dataclass
class House:
    """Streams, a queue, and a worker with so much of a processor; no process."""

    streams: int
    layers: bool
    processor: float
    samples: dict[int, int] = field(default_factory=dict)
    windows: dict[int, int] = field(default_factory=dict)
    wishes: int = 0
    used_s: float = 0.0

    def run(self, seconds, count_from=0):
        numbers = range(self.streams)
        self.backlog, self.economy, self.turns = Backlog(), Economy(), Turns()
        self.keyed, self.debt = set(numbers), 0.0
        self.paces = {n: Pace(THRESHOLDS) for n in numbers}
        self.people = {n: Stream(n, f"call-{n}", "caller") for n in numbers}
        self.samples = dict.fromkeys(numbers, 0)
        self.windows = dict.fromkeys(numbers, 0)
        for n in numbers:
            self.turns.enter(n, 0)
            self.backlog.blind(n)
        for step in range(seconds * FPS):
            if step == count_from * FPS:
                self.samples = dict.fromkeys(numbers, 0)
                self.wishes = 0
            self.step(step)

    def step(self, step):
        now = step / FPS
        for n, person in self.people.items():
            for at in person.arrive(now, THRESHOLDS):
                self.backlog.put(Tick(n, at, now, 0, self.economy.stretch))
            if (step + n) % (4 if self.layers else 1) == 0:
                self.show(n, person, now)
        if step % ROUND == 0:
            self.economy.measure(self.backlog.late_s, self.busy())
            places = self.economy.places(self.streams)
            for n in self.turns.allot(places, now):
                self.backlog.hide(n)
        self.work(self.processor / FPS)

    def show(self, n, person, now):
        if self.turns.is_resting(n):
            return
        key = n in self.keyed
        self.keyed.discard(n)
        self.backlog.put(Picture(n, b"", key, now))
        sparing = self.economy.factor > 1
        if self.backlog.is_blind(n) and person.wishes(now, sparing=sparing):
            self.wishes += 1
            self.keyed.add(n)

    def busy(self):
        busy, self.used_s = self.used_s / (self.processor * ROUND / FPS), 0.0
        return busy

    def work(self, time_s):
        self.debt -= time_s
        while self.debt < 0 and (message := self.backlog.pop()) is not None:
            cost_s = self.cost_s(message)
            self.debt += cost_s
            self.used_s += cost_s
        self.debt = max(self.debt, -time_s)

    def cost_s(self, message):
        pace = self.paces[message.stream]
        if isinstance(message, Tick):
            pace.press(message.pressure)
            self.people[message.stream].judged(Verdict(Legibility.LEGIBLE), THRESHOLDS)
            return 0.0001
        cost_s = DECODE_S
        if pace.wants_sample(message.at):
            pace.sampled(message.at)
            self.samples[message.stream] += 1
            cost_s += SAMPLE_S
            if pace.wants_hands(message.at, moving=True):
                pace.checked(message.at)
                cost_s += HANDS_S
        return cost_s


@pytest.mark.parametrize(
    ("layers", "processor"), [(True, 2.0), (True, 0.8), (False, 2.5), (False, 1.4)]
)
def test_fifty_streams_that_are_too_many_are_sampled_alike(layers, processor):
    house = House(50, layers=layers, processor=processor)

    house.run(70, count_from=40)

    fewest, most = min(house.samples.values()), max(house.samples.values())
    assert fewest >= 30, "three in each window"
    assert most - fewest <= 0.1 * most
    assert house.wishes == 0


@pytest.mark.parametrize(
    ("layers", "processor"), [(False, 0.8), (False, 0.4), (True, 0.2)]
)
def test_when_even_decoding_is_too_much_the_turns_fall_evenly(layers, processor):
    house = House(50, layers=layers, processor=processor)

    house.run(360, count_from=60)

    fewest, most = min(house.samples.values()), max(house.samples.values())
    assert fewest > 0.7 * most
    assert house.wishes <= 50 * 300 / 30


def test_whoever_has_time_enough_again_looks_at_everybody_again():
    house = House(50, layers=True, processor=0.1)
    house.run(30)
    assert house.turns.resting > 0

    house.processor = 3.0
    for step in range(30 * FPS, 120 * FPS):
        house.step(step)

    assert house.turns.resting == 0
    assert house.economy.factor == 1
