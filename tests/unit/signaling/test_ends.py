"""What is kept of the calls that ended."""

from queueing.messages import Ended
from queueing.model import CallId, EndReason
from signaling.ends import Ends

ONE, TWO, THREE = CallId("one"), CallId("two"), CallId("three")


def an_end(call):
    return Ended(
        call=call,
        agent=None,
        reason=EndReason.ABANDONED,
        t0=1.0,
        t1=None,
        version=1,
    )


def test_a_call_that_ended_is_known_to_have_ended():
    ends = Ends()

    ends.note(an_end(ONE))

    assert ends.of(ONE) == an_end(ONE)
    assert ends.of(TWO) is None
    assert ends.of(None) is None


def test_the_oldest_ends_are_forgotten():
    ends = Ends(kept=2)

    for call in (ONE, TWO, THREE):
        ends.note(an_end(call))

    assert ends.of(ONE) is None
    assert ends.of(TWO) == an_end(TWO)
    assert ends.of(THREE) == an_end(THREE)
