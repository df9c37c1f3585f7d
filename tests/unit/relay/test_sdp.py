from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.errors import BadSdpError, NoVideoError
from relay.forwarding.line import Kind
from relay.transport.answer import Ssrcs, Transport, lines_of, write_answer
from relay.transport.sdp import read_offer, without_candidates
from tests.integration.relay.offers import AUDIO_ONLY, an_offer

HERE = Transport(
    candidates=[("192.0.2.1", 40_000)],
    username="ours",
    password="p" * 22,
    fingerprint="AB:CD",
    setup="active",
)


def answer_to(sdp, ssrcs=None):
    offer = read_offer(sdp)
    lines = lines_of(offer, ssrcs or Ssrcs(), "leg")
    return write_answer(offer, lines, HERE, 1), lines


def test_local_names_and_the_end_of_candidates_are_dropped():
    assert ".local" in an_offer()

    filtered = without_candidates(an_offer())

    assert ".local" not in filtered
    assert "end-of-candidates" not in filtered
    assert "a=ice-ufrag:user" in filtered


def test_a_video_line_is_vp8_with_retransmissions():
    _, (audio, video) = answer_to(an_offer())

    assert (audio.kind, audio.payload_type) == (Kind.AUDIO, 111)
    assert (video.payload_type, video.rtx_payload_type) == (96, 97)
    assert (video.their_ssrc, video.their_rtx_ssrc) == (1001, 1002)
    assert (video.extensions.mid, video.extensions.abs_send_time) == (4, 2)


def test_an_answer_names_every_section_in_the_offers_order():
    offered = (
        an_offer() + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n"
    )
    answer, _ = answer_to(offered)

    sections = [line for line in answer.splitlines() if line.startswith("m=")]
    assert [s.split()[:2] for s in sections] == [
        ["m=audio", "9"],
        ["m=video", "9"],
        ["m=application", "0"],
    ]
    assert "a=group:BUNDLE 0 1\r\n" in answer


def test_a_stopped_section_stays_stopped_and_the_others_live():
    stopped = an_offer().replace("m=audio 9", "m=audio 0")
    answer, lines = answer_to(stopped)

    assert [line.kind for line in lines] == [Kind.VIDEO]
    assert "m=audio 0 " in answer
    assert "a=group:BUNDLE 1\r\n" in answer


@pytest.mark.parametrize(
    ("offered", "answered"),
    [
        ("sendrecv", "sendrecv"),
        ("sendonly", "recvonly"),
        ("recvonly", "sendonly"),
        ("inactive", "inactive"),
    ],
)
def test_a_direction_is_answered_by_its_mirror(offered, answered):
    answer, lines = answer_to(an_offer(direction=offered))

    assert answer.count(f"a={answered}\r\n") == 2
    assert all(line.sends == ("recv" in offered) for line in lines)
    assert ("a=ssrc:" in answer) == ("recv" in offered)


def test_a_lines_ssrcs_stay_through_every_negotiation():
    ssrcs = Ssrcs()

    _, first = answer_to(an_offer(), ssrcs)
    _, second = answer_to(an_offer(direction="inactive"), ssrcs)
    _, third = answer_to(an_offer(), ssrcs)

    assert [line.our_ssrc for line in first] == [line.our_ssrc for line in second]
    assert first == third
    assert second != first == tuple(replace(line) for line in first)


def test_a_line_that_no_offer_names_any_more_is_forgotten():
    ssrcs = Ssrcs()
    _, (_, before) = answer_to(an_offer(), ssrcs)

    answer_to(an_offer().replace("mid:1", "mid:2").replace("E 0 1", "E 0 2"), ssrcs)

    assert ssrcs.of(before.mid) != (before.our_ssrc, before.our_rtx_ssrc)


def test_a_transport_wide_number_is_agreed_on_for_pictures():
    answer, lines = answer_to(an_offer())

    _, video = answer.split("m=video")
    assert "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport" in video
    assert "a=rtcp-fb:96 transport-cc" in video
    assert "a=rtcp-fb:96 goog-remb" in video
    assert "x-google-start-bitrate=1000" in video
    assert answer.count("transport-wide") == answer.count("transport-cc") == 1
    assert [line.extensions.transport_wide for line in lines] == [0, 3]


def test_a_browser_without_the_number_is_not_asked_for_it():
    offer = an_offer().replace("a=rtcp-fb:96 transport-cc\r\n", "")
    answer, lines = answer_to(offer.replace("transport-wide-cc", "other"))

    assert "transport-cc" not in answer
    assert "transport-wide" not in answer
    assert not any(line.extensions.transport_wide for line in lines)


@pytest.mark.parametrize(
    "sdp", ["", "v=0", "v=1\r\n", "v=0\r\nm=\r\n", "v=0\r\nm=video 9 X 96\r\n"]
)
def test_what_is_no_offer_is_refused(sdp):
    with pytest.raises(BadSdpError):
        read_offer(sdp)


def test_an_offer_without_pictures_is_refused():
    with pytest.raises(NoVideoError):
        read_offer(AUDIO_ONLY)


@given(st.integers(0, len(an_offer())), st.integers(0, 40), st.text(max_size=12))
def test_a_torn_offer_is_answered_or_refused_but_breaks_nothing(at, cut, put):
    torn = an_offer()[:at] + put + an_offer()[at + cut :]
    try:
        answer_to(torn)
    except (BadSdpError, NoVideoError):
        return
