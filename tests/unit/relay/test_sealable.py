"""Whatever a source sends, SRTP can seal what others are sent of it afterwards."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pylibsrtp import Policy, Session

from relay.forwarding import rtcp
from relay.forwarding.browser import MAX_PAYLOAD, Browser
from relay.forwarding.reception import MAX_JUMP, MAX_LATE
from relay.transport.srtp import SrtpCipher
from tests.unit.relay.packets import a_line, rtp, rtx, vp8

TOO_LONG = MAX_PAYLOAD + 100
ODD = st.sampled_from((-40_000, -MAX_LATE, -1, 0, 1, 2, 40, 513, MAX_JUMP, 0x7FFF))
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("film", "again", "long", "upper", "bye")),
        st.one_of(ODD, st.integers(-0xFFFF, 0xFFFF)),
        st.integers(1, 20),
    ),
    max_size=12,
)


class LowestOnly:
    """A line that gets the lowest layer alone."""

    def passes(self, temporal_id, *, layer_sync):
        return temporal_id == 0


class Couple:
    """A source and who sees it, whose packets are sealed as on the wire."""

    def __init__(self):
        policy = Policy(
            key=bytes(44),
            ssrc_type=Policy.SSRC_ANY_OUTBOUND,
            srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_256_GCM,
        )
        policy.allow_repeat_tx = True
        policy.window_size = 1024
        self._cipher = SrtpCipher(Session(policy))
        self.sealed: list[bytes] = []
        self.unsealed = 0
        self.now = 1.0
        self.number = 100
        self._picture = 0
        self.source = Browser(_nothing, _nothing, observes=False)
        self.source.agree([a_line()])
        self.sink = Browser(self._send, _nothing, observes=False)
        self.sink.agree([a_line(our_ssrc=3001, our_rtx_ssrc=3002)])
        [self.down] = self.sink.downlinks.values()
        self.down.attach(self.source.uplinks["1"])

    def _send(self, head, payload):
        if self._cipher.seal(head, payload):
            self.sealed.append(payload)
        else:
            self.unsealed += 1

    def does(self, what, step, times):
        """Take packets, each a step from the one before in one way or the other."""
        for _ in range(times):
            self.now += 0.003
            if what == "film":
                self.shows(step)
            elif what == "again":
                again = rtx(1, self.number + step, vp8(body=b"x"))
                self.source.hear_rtp(again, self.now)
            elif what == "long":
                self.shows(step, body=bytes(TOO_LONG))
            elif what == "upper":
                self.shows(step, temporal_id=2)
            else:
                self.source.hear_rtcp(rtcp.bye([1001]), self.now)

    def shows(self, step=1, **facts):
        self.number = (self.number + step) & 0xFFFF
        self._picture += 1
        payload = vp8(picture=self._picture, tl0=self._picture, **facts)
        self.source.hear_rtp(rtp(self.number, 3000, payload), self.now)

    def comes_again(self):
        """Show a key frame after a leap; says whether all of the film is sealed.

        From where the relay has followed: what it refused moved the source alone.
        """
        self.number = self.source.uplinks["1"].reception.highest
        self.shows(20_000, key=True)
        before, unsealed = len(self.sealed), self.unsealed
        for _ in range(5):
            self.shows()
        return len(self.sealed) == before + 5 and self.unsealed == unsealed


def _nothing(*_):
    """Whoever hears this does nothing."""


@example(steps=[("long", -1500, 14)], thin=False)
@given(steps=STEPS, thin=st.booleans())
def test_no_lie_of_a_source_leaves_a_line_mute(steps, thin):
    couple = Couple()
    couple.shows(key=True)
    couple.down.layers = LowestOnly() if thin else None
    for what, step, times in steps:
        couple.does(what, step, times)

    assert couple.comes_again()


@pytest.mark.parametrize("ahead", [1, 3000, 30_000, 40_000])
def test_a_packet_that_was_never_missed_does_not_come_again(ahead):
    couple = Couple()
    couple.shows(key=True)
    couple.does("again", ahead, 1)
    for _ in range(20):
        couple.shows()

    assert len(couple.sealed) == 21
    assert couple.unsealed == 0
    assert couple.source.tally.unknown == 1


def test_packets_that_are_too_long_to_be_sealed_are_left_behind():
    couple = Couple()
    couple.shows(key=True)
    couple.does("long", MAX_JUMP, 14)

    assert couple.source.tally.malformed == 14
    assert len(couple.sealed) == 1
    assert couple.comes_again()


def test_what_is_left_out_never_moves_a_line_out_of_srtps_sight():
    couple = Couple()
    couple.shows(key=True)
    couple.does("film", MAX_JUMP, 14)
    couple.down.layers = LowestOnly()
    before = len(couple.sealed)
    couple.does("upper", MAX_JUMP, 14)
    left_out = before + 14 - len(couple.sealed)
    couple.shows(temporal_id=0)

    assert couple.unsealed == 0
    assert left_out >= 14 / 2
