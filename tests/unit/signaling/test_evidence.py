"""T1 is the first evidence that the caller saw the agent, and nothing less."""

from queueing.model import CallId, Evidence, Mode
from signaling.evidence import Proof, Seen
from signaling.protocol import FirstFrame, TextShown

CALL = CallId("c")


def a_frame(elapsed_ms=900):
    return FirstFrame(call=CALL, elapsed_ms=elapsed_ms)


def some_words(elapsed_ms=900):
    return TextShown(call=CALL, elapsed_ms=elapsed_ms)


def test_nothing_is_no_proof():
    assert Seen().proof(Mode.VIDEO) is None


def test_a_presented_frame_counts_once_the_relay_has_sent_a_key_frame():
    seen = Seen(report=a_frame())

    assert seen.proof(Mode.VIDEO) is None
    seen.forwarded_at = 1.0
    assert seen.proof(Mode.VIDEO) == Proof(Evidence.PRESENTED, 900)


def test_a_forwarded_key_frame_alone_is_no_proof():
    assert Seen(forwarded_at=1.0).proof(Mode.VIDEO) is None


def test_words_on_the_screen_count_only_when_the_agent_wrote_them():
    seen = Seen(report=some_words())

    assert seen.proof(Mode.TEXT) is None
    seen.heard = True
    assert seen.proof(Mode.TEXT) == Proof(Evidence.TEXT, 900)


def test_words_are_no_answer_of_a_call_in_pictures():
    assert Seen(report=some_words(), heard=True).proof(Mode.VIDEO) is None
