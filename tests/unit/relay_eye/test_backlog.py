"""What waits for a worker is bounded, and what it gets can be decoded."""

from hypothesis import given
from hypothesis import strategies as st

from relay.eye.backlog import Backlog
from relay.eye.messages import Picture, Ping, Tick


def a_picture(stream, number, *, key=False):
    return Picture(stream=stream, data=bytes([number % 256]), key=key, at=number)


def drain(backlog):
    popped = []
    while (message := backlog.pop()) is not None:
        popped.append(message)
    return popped


def test_what_comes_first_leaves_first():
    backlog = Backlog()
    messages = [a_picture(1, 0, key=True), Ping(number=1), a_picture(1, 1)]

    for message in messages:
        backlog.put(message)

    assert drain(backlog) == messages


def test_when_full_the_oldest_go_until_the_next_key_frame_of_their_stream():
    backlog = Backlog(limit=5)
    for number in range(6):
        backlog.put(a_picture(1, number, key=number in {0, 3}))

    assert [picture.at for picture in drain(backlog)] == [3, 4, 5]
    assert backlog.dropped == 3
    assert not backlog.is_blind(1)


def test_without_a_key_frame_the_stream_is_blind_until_one_comes():
    backlog = Backlog(limit=3)
    for number in range(6):
        backlog.put(a_picture(1, number, key=number == 0))

    assert backlog.is_blind(1)
    assert drain(backlog) == []

    backlog.put(a_picture(1, 7, key=True))

    assert not backlog.is_blind(1)
    assert [picture.at for picture in drain(backlog)] == [7]


def test_other_streams_keep_their_pictures():
    backlog = Backlog(limit=4)
    for number in range(5):
        backlog.put(a_picture(number % 2, number, key=number < 2))

    assert {picture.stream for picture in drain(backlog)} == {1}


def test_what_is_told_to_a_worker_is_never_dropped():
    backlog = Backlog(limit=2)
    tick = Tick(stream=1, at=0, arrived=0, frames=0, pressure=0)
    backlog.put(tick)
    for number in range(9):
        backlog.put(a_picture(1, number, key=True))

    assert drain(backlog)[0] == tick


def test_of_a_forgotten_stream_nothing_is_left():
    backlog = Backlog()
    for number in range(4):
        backlog.put(a_picture(number % 2, number, key=True))

    backlog.forget(0)

    assert {picture.stream for picture in drain(backlog)} == {1}
    assert backlog.pressure == 0


@given(
    st.integers(1, 8),
    st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.booleans()), max_size=80),
)
def test_every_picture_that_leaves_can_be_decoded_and_the_bound_holds(limit, steps):
    backlog, numbers = Backlog(limit), dict.fromkeys(range(3), 0)
    before: dict[int, int] = {}
    for stream in range(3):
        backlog.blind(stream)

    def check(picture):
        number = int(picture.at)
        assert picture.key or before.get(picture.stream) == number - 1
        before[picture.stream] = number

    for stream, key, pops in steps:
        numbers[stream] += 1
        backlog.put(a_picture(stream, numbers[stream], key=key))
        assert len(backlog) <= limit
        assert 0 <= backlog.pressure <= 1
        if pops and (picture := backlog.pop()) is not None:
            check(picture)
    for picture in drain(backlog):
        check(picture)
