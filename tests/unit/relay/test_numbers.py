"""Sequence, loss and time: history, NACKs, reports, continuity."""

from hypothesis import given
from hypothesis import strategies as st

from relay.forwarding.continuity import Continuity, Numbers
from relay.forwarding.history import SIZE, History
from relay.forwarding.key_frames import (
    MOST_PACKETS,
    KeyFrameRequests,
    KeyFrameWatch,
)
from relay.forwarding.nack import (
    MAX_AGE,
    MAX_MISSED,
    MAX_MISSING,
    MAX_PATIENCE,
    MAX_TRIES,
    Nacks,
)
from relay.forwarding.reception import Arrival, Reception
from relay.forwarding.serial import ahead16, ahead32
from tests.unit.relay.packets import described, rtp, vp8

NUMBERS = st.integers(0, 0xFFFF)


@given(NUMBERS, st.integers(-0x7FFF, 0x7FFF))
def test_numbers_compare_round_their_end(number, step):
    assert ahead16((number + step) & 0xFFFF, number) == step
    assert ahead32((number + step) & 0xFFFFFFFF, number) == step


def test_history_keeps_at_least_a_thousand_packets():
    history = History()
    for n in range(5000):
        history.put(n & 0xFFFF, rtp(n, n, b""))

    assert SIZE >= 1024
    assert all(history.get(n) == rtp(n, n, b"") for n in range(5000 - SIZE, 5000))
    assert history.get(5000 - SIZE - 1) is None


def test_a_gap_is_asked_for_at_once_and_again_after_a_round_trip():
    nacks = Nacks()

    assert nacks.gap(0xFFFF, 2, now=1.0) == [0xFFFF, 0]
    assert nacks.due(1.02, rtt=0.02) == []
    assert nacks.due(1.04, rtt=0.02) == [0xFFFF, 0]
    assert nacks.recovered(0xFFFF)
    assert nacks.due(1.08, rtt=0.02) == [0]


def test_on_a_long_way_an_asking_may_be_lost_too_and_is_repeated_once_at_once():
    nacks = Nacks()
    nacks.gap(7, 1, now=1.0)

    asked = [n for n in range(1, 30) if nacks.due(1 + n / 100, rtt=0.099)]

    assert asked == [2, 13, 24]


def test_what_is_too_old_or_asked_for_too_often_is_given_up():
    nacks = Nacks()
    nacks.gap(1, 1, now=0.0)
    asked = [n for n in range(1, 300) if nacks.due(n / 100, rtt=0.05)]
    assert len(asked) > MAX_TRIES
    assert nacks.give_up(0.5)
    assert len(nacks) == 0
    assert not nacks.give_up(9.0)

    nacks.gap(1, 1, now=10.0)
    assert not nacks.give_up(10.0 + MAX_AGE)
    assert nacks.give_up(10.1 + MAX_AGE)


def test_a_source_that_jumps_again_and_again_is_soon_not_asked_any_more():
    nacks = Nacks()
    answers = [nacks.gap(512 * n & 0xFFFF, 511, now=n / 100) for n in range(200)]

    asked = [lost for lost in answers if lost is not None]
    assert 0 < sum(map(len, asked)) <= 3 * MAX_MISSED
    assert nacks.gap(7, 1, now=9.0) == [7]


def test_where_packets_overtake_each_other_a_gap_is_given_time():
    nacks = Nacks()
    nacks.gap(1, 1, now=0.0)
    assert nacks.came_late(1, now=0.02)

    assert nacks.gap(5, 2, now=1.0) == []
    assert nacks.due(1.02, rtt=0.1) == []
    assert nacks.came_late(5, now=1.021)
    assert nacks.due(1.04, rtt=0.03) == [6]
    assert nacks.due(1.06, rtt=0.03) == []
    assert nacks.due(1.08, rtt=0.03) == [6]


def test_where_packets_are_lost_after_all_gaps_are_asked_for_at_once_again():
    nacks = Nacks()
    nacks.gap(1, 1, now=0.0)
    nacks.came_late(1, now=9.0)
    assert nacks.gap(2, 1, now=10.0) == []
    assert nacks.due(10.1 + MAX_PATIENCE, rtt=0.1) == [2]

    for n in range(3, 60):
        nacks.gap(n, 1, now=float(n))
        nacks.recovered(n)

    assert nacks.gap(99, 1, now=99.0) == [99]


@given(st.integers(0, 0xFFFF))
def test_a_key_frame_makes_what_is_older_needless(begin):
    nacks = Nacks()
    nacks.gap((begin - 5) & 0xFFFF, 10, now=0.0)

    nacks.forget_before(begin)

    assert list(nacks.missing) == [(begin + n) & 0xFFFF for n in range(5)]


def test_missing_packets_are_bounded():
    nacks = Nacks()
    for n in range(200):
        nacks.gap(n * 20, 10, now=0.0)

    assert len(nacks) <= MAX_MISSING
    assert nacks.gap(0, MAX_MISSING + 1, now=1.0) is None
    assert len(nacks) == 0


def test_losses_are_counted_as_a_receiver_report_wants_them():
    reception = Reception(90_000)
    for n in range(65_500, 65_500 + 100):
        if n % 10:
            reception.add(n & 0xFFFF)

    assert reception.lost == 9
    assert reception.fraction_lost() == (9 << 8) // 99
    assert reception.fraction_lost() == 0
    assert reception.extended == 1 << 16 | (65_599 & 0xFFFF)


def test_arrivals_are_told_apart():
    reception = Reception(90_000)

    assert reception.add(10) is Arrival.NEXT
    assert reception.add(11) is Arrival.NEXT
    assert reception.add(14) is Arrival.GAP
    assert reception.add(12) is Arrival.LATE
    assert reception.add(30_000) is Arrival.JUMP
    assert reception.add(30_001) is Arrival.NEXT


def test_jitter_follows_uneven_arrivals():
    even, uneven = Reception(90_000), Reception(90_000)
    for n in range(100):
        even.time(n * 3000, n / 30)
        uneven.time(n * 3000, n / 30 + (n % 2) * 0.01)

    assert even.jitter < 1
    assert uneven.jitter > 300


def a_run(continuity, first, count, now, history=None):
    """Send a source's packets; give (sequence, timestamp, picture, tl0) as they went."""
    history = history or History()
    epoch = continuity.switch(history, first, now, sent_at=now - 0.1)
    sent = []
    for n in range(count):
        own, media_time = first.sequence + n, first.timestamp + 3000 * n
        payload = vp8(key=n == 0, picture=first.picture + n, tl0=first.tl0 + n)
        history.put(own & 0xFFFF, rtp(own, media_time, payload))
        out = epoch.numbers.send(own & 0xFFFF)
        if epoch.renumbers:
            payload = epoch.pictured(payload, own & 0xFFFF)
        found = described(payload)
        stamp = (media_time + epoch.timestamp_offset) & 0xFFFFFFFF
        sent.append((out, stamp, found.picture_id, found.tl0))
    continuity.leave(epoch)
    return sent


@given(NUMBERS, NUMBERS, st.integers(0, 0xFFFFFFFF), st.integers(0, 0x7FFF))
def test_a_new_source_continues_every_number(one, two, timestamp, picture):
    continuity = Continuity(90_000)
    before = a_run(continuity, Numbers(one, timestamp, picture, 250), 10, now=100.0)
    after = a_run(continuity, Numbers(two, 77, 0x7FFE, 3), 10, now=100.4)

    last, first = before[-1], after[0]
    assert before[0] == (one & 0x7FFF, timestamp, picture, 250)
    assert first[0] == (last[0] + 1) % 0x10000
    assert 8_900 <= ahead32(first[1], last[1]) <= 9_100
    assert first[2] == (last[2] + 1) % 0x8000
    assert first[3] == (last[3] + 1) % 0x100


def test_a_source_that_ends_with_padding_is_still_continued():
    continuity, history = Continuity(90_000), History()
    epoch = continuity.switch(history, Numbers(1, 9, 40, 7), 1.0, sent_at=0.0)
    history.put(1, rtp(1, 9, vp8(key=True, picture=40, tl0=7)))
    epoch.numbers.send(1)
    history.put(2, rtp(2, 9, b""))
    epoch.numbers.send(2)
    continuity.leave(epoch)

    [first] = a_run(continuity, Numbers(500, 0, 3, 3), 1, now=2.0)

    assert (first[0], first[2], first[3]) == (3, 41, 8)


@given(NUMBERS, st.integers(0, 200))
def test_the_first_number_sent_is_far_from_a_wrap_around(first, missed):
    """SRTP's receiver guesses the rollover from the first packet that it sees."""
    continuity = Continuity(90_000)

    sent = a_run(continuity, Numbers(first, 0, 1, 1), missed + 1, now=1.0)

    assert sent[0][0] < 1 << 15
    assert sent[missed][0] == sent[0][0] + missed


def test_a_number_sent_is_found_again_with_its_own_source():
    continuity = Continuity(90_000)
    red, blue = History(), History()
    begun = a_run(continuity, Numbers(65_530, 0, 1, 1), 10, now=1.0, history=red)
    sent = a_run(continuity, Numbers(500, 0, 1, 1), 10, now=2.0, history=blue)

    first = continuity.original(begun[5][0])
    second = continuity.original(sent[3][0])
    assert first is not None
    assert second is not None
    assert (first[0].history is red, first[1]) == (True, 65_535)
    assert (second[0].history is blue, second[1]) == (True, 503)


def test_a_long_stay_lets_go_of_those_before_it():
    continuity = Continuity(90_000)
    a_run(continuity, Numbers(1, 0, 1, 1), 10, now=1.0)
    epoch = continuity.switch(History(), Numbers(0, 0, 0, 0), 2.0, sent_at=1.0)
    for n in range(200_000):
        assert epoch.numbers.send(n & 0xFFFF) == (11 + n) & 0xFFFF
        if n % 300 == 0:
            continuity.settle()

    found = [continuity.original(out) for out in range(0, 65_536, 100)]
    assert {one[0] is epoch for one in found if one is not None} == {True}


def test_a_key_frame_is_asked_for_until_it_comes():
    requests = KeyFrameRequests()
    requests.want(urgent=True)

    asked = [n for n in range(100) if requests.due(n / 64)]
    requests.came()

    assert asked == [0, 13, 26, 39, 52, 65, 78, 91]
    assert not requests.due(2.0)


def test_many_broken_pictures_ask_for_few_key_frames():
    requests = KeyFrameRequests()
    asked = 0
    for n in range(200):
        requests.want(urgent=False)
        asked += requests.due(n / 100)

    assert asked == 4


def test_a_key_frame_is_forwarded_when_every_packet_has_gone():
    watch = KeyFrameWatch()

    assert not watch.passed(9, 900, marker=True, key=False)
    assert not watch.passed(10, 990, marker=False, key=True)
    assert not watch.passed(12, 990, marker=True, key=False)
    assert not watch.acknowledged(12)
    assert watch.passed(11, 990, marker=False, key=False)
    assert watch.last == 12
    assert not watch.acknowledged(11)
    assert watch.acknowledged(13)
    assert not watch.acknowledged(14)


def test_a_key_frame_without_an_end_is_remembered_up_to_a_bound():
    watch = KeyFrameWatch()
    watch.passed(0, 990, marker=False, key=True)

    for n in range(1, 2 * MOST_PACKETS):
        assert not watch.passed(n, 990, marker=False, key=False)

    assert len(watch._gone) == MOST_PACKETS


def test_a_torn_key_frame_gives_way_to_the_next():
    watch = KeyFrameWatch()
    watch.passed(10, 990, marker=False, key=True)

    assert watch.passed(20, 1990, marker=True, key=True)
    assert watch.last == 20
