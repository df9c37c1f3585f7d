"""What waits for a worker is bounded, and what it gets can be decoded."""

from hypothesis import given
from hypothesis import strategies as st

from relay.eye.backlog import Backlog
from relay.eye.messages import Picture, Ping, Tick

FOREVER = 1e9


def a_picture(stream, number, *, key=False):
    return Picture(stream=stream, data=bytes([number % 256]), key=key, at=number)


def a_tick(stream, at=0):
    return Tick(stream=stream, at=at, arrived=at, frames=0, pressure=1)


def a_backlog(limit):
    return Backlog(limit, patience_s=FOREVER)


def drain(backlog):
    popped = []
    while (message := backlog.pop()) is not None:
        popped.append(message)
    return popped


def test_of_one_stream_what_comes_first_leaves_first():
    backlog = a_backlog(9)
    messages = [a_picture(1, 0, key=True), a_tick(1), a_picture(1, 1)]

    for message in messages:
        backlog.put(message)

    assert drain(backlog) == messages


def test_what_the_worker_itself_is_told_goes_before_all_pictures():
    backlog = a_backlog(9)
    backlog.put(a_picture(1, 0, key=True))
    backlog.put(Ping(number=1))

    assert backlog.pop() == Ping(number=1)


def test_streams_take_turns_however_much_of_each_waits():
    backlog = a_backlog(99)
    for number in range(6):
        backlog.put(a_picture(1, number, key=True))
    for number in range(3):
        backlog.put(a_picture(2, number, key=True))

    assert [one.stream for one in drain(backlog)] == [1, 2, 1, 2, 1, 2, 1, 1, 1]


def test_when_full_the_oldest_go_until_the_next_key_frame_of_their_stream():
    backlog = a_backlog(5)
    for number in range(6):
        backlog.put(a_picture(1, number, key=number in {0, 3}))

    assert [picture.at for picture in drain(backlog)] == [3, 4, 5]
    assert backlog.dropped == 3
    assert not backlog.is_blind(1)


def test_a_window_before_the_pictures_does_not_keep_them():
    backlog = a_backlog(3)
    backlog.put(a_tick(1))
    for number in range(3):
        backlog.put(a_picture(1, number, key=number == 0))

    assert drain(backlog) == [a_tick(1)]
    assert backlog.is_blind(1)


def test_what_has_waited_too_long_goes_too():
    backlog = Backlog(limit=99, patience_s=2)
    for number in range(4):
        backlog.put(a_picture(1, number, key=number in {0, 3}))

    assert [picture.at for picture in drain(backlog)] == [3]


def test_without_a_key_frame_the_stream_is_blind_until_one_comes():
    backlog = a_backlog(3)
    for number in range(6):
        backlog.put(a_picture(1, number, key=number == 0))

    assert backlog.is_blind(1)
    assert drain(backlog) == []

    backlog.put(a_picture(1, 7, key=True))

    assert not backlog.is_blind(1)
    assert [picture.at for picture in drain(backlog)] == [7]


def test_other_streams_keep_their_pictures():
    backlog = a_backlog(4)
    for number in range(5):
        backlog.put(a_picture(1, number, key=number == 0))
    backlog.put(a_picture(2, 0, key=True))

    assert [picture.stream for picture in drain(backlog)] == [2]


def test_a_window_that_ends_is_told_though_its_pictures_are_dropped():
    backlog = a_backlog(2)
    backlog.put(a_tick(1))
    for number in range(9):
        backlog.put(a_picture(1, number, key=True))

    assert drain(backlog)[0] == a_tick(1)


def test_a_window_that_waits_does_not_make_its_pictures_late():
    backlog = Backlog(limit=99, patience_s=2)
    backlog.put(a_tick(1, at=0))
    for number in range(5, 7):
        backlog.put(a_picture(1, number, key=number == 5))

    assert backlog.late_s == 1
    assert len(drain(backlog)) == 3


def test_a_hidden_stream_waits_for_a_key_frame_and_keeps_its_windows():
    backlog = a_backlog(9)
    for message in (a_picture(1, 0, key=True), a_tick(1), a_picture(1, 1)):
        backlog.put(message)

    backlog.hide(1)
    backlog.put(a_picture(1, 2))

    assert drain(backlog) == [a_tick(1)]
    assert backlog.is_blind(1)


def test_of_a_forgotten_stream_nothing_is_left():
    backlog = a_backlog(9)
    for number in range(4):
        backlog.put(a_picture(number % 2, number, key=True))

    backlog.forget(0)

    assert {picture.stream for picture in drain(backlog)} == {1}


def test_it_is_as_late_as_the_stream_of_which_most_waits():
    backlog = a_backlog(9)
    for stream, number in ((1, 0), (1, 1), (2, 0), (2, 5)):
        backlog.put(a_picture(stream, number, key=True))

    assert backlog.late_s == 5
    drain(backlog)
    assert backlog.late_s == 0


@given(
    st.integers(1, 8),
    st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.booleans()), max_size=80),
)
def test_every_picture_that_leaves_can_be_decoded_and_the_bound_holds(limit, steps):
    backlog, numbers = a_backlog(limit), dict.fromkeys(range(3), 0)
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
        assert len(backlog) <= 3 * limit
        if pops and (picture := backlog.pop()) is not None:
            check(picture)
    for picture in drain(backlog):
        check(picture)
