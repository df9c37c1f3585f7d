"""What is sent again never becomes the jam itself."""

from hypothesis import given
from hypothesis import strategies as st

from relay.forwarding.resends import (
    BURST,
    LEAST_BPS,
    PACKET_BITS,
    SHARE,
    UNKNOWN_BPS,
    Resends,
)

NARROW = 300_000


class Line:
    """A line whose packets are asked for again."""

    def __init__(self, bps=NARROW, rtt=0.1):
        self.resends = Resends()
        self.bps = bps
        self.rtt = rtt
        self.has = True
        self.again: list[int] = []

    def lacks(self, lost, now, ssrc=1):
        before = len(self.again)
        self.resends.answer(ssrc, lost, self._send, now, rtt=self.rtt, bps=self.bps)
        return self.again[before:]

    def _send(self, sequence):
        if self.has:
            self.again.append(sequence)
        return self.has


def test_a_lost_packet_is_sent_again():
    assert Line().lacks([7, 9], 1.0) == [7, 9]


def test_a_packet_that_may_still_be_on_its_way_is_not_sent_twice():
    line = Line(rtt=0.2)
    line.lacks([7], 1.0)

    assert line.lacks([7], 1.1) == []
    assert line.lacks([7], 1.2) == [7]


def test_the_same_number_of_another_stream_is_another_packet():
    line = Line()
    line.lacks([7], 1.0, ssrc=1)

    assert line.lacks([7], 1.0, ssrc=2) == [7]


def test_a_packet_that_is_no_longer_there_costs_nothing():
    line = Line()
    line.has = False
    for n in range(50):
        line.lacks(range(1_000), 1 + n / 100)

    line.has = True
    assert line.lacks([7], 1.6) == [7]


@given(
    st.none() | st.integers(0, 3_000_000),
    st.lists(st.tuples(st.integers(1, 400), st.floats(0, 1)), max_size=60),
)
def test_over_any_time_no_more_than_a_share_of_the_line_is_sent_again(bps, asked):
    line, now = Line(bps, rtt=0.0), 10.0
    for count, later in asked:
        now += later
        line.lacks(range(count), now)

    rate = max(LEAST_BPS, SHARE * (UNKNOWN_BPS if bps is None else bps))
    most = rate * (now - 10.0) + max(rate * BURST, 8 * PACKET_BITS)
    start = UNKNOWN_BPS * SHARE * BURST
    assert len(line.again) * PACKET_BITS <= most + start
