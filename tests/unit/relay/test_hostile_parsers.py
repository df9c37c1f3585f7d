"""Whatever bytes come from outside, a parser answers or raises its own error."""

import struct

from hypothesis import example, given, settings
from hypothesis import strategies as st

from relay.errors import BadSdpError, NoVideoError
from relay.forwarding import rtcp, rtp, vp8
from relay.forwarding.browser import Browser
from relay.forwarding.frames import FrameAssembler
from relay.forwarding.line import Kind
from relay.transport.answer import Ssrcs, Transport, lines_of, write_answer
from relay.transport.sdp import read_offer
from tests.integration.relay.offers import an_offer
from tests.unit.relay.packets import a_line

EXAMPLES = settings(max_examples=300)
BODIES = st.binary(max_size=80)
NUMBERS = st.integers(0, 0xFFFF)

# A head that may lie about contributors, extensions and padding.
RTP = st.builds(
    lambda flags, kind, sequence, ssrc, body: (
        struct.pack("!BBHLL", 0x80 | flags, kind, sequence, 90, ssrc) + body
    ),
    st.integers(0, 0x3F),
    st.sampled_from([96, 97, 224, 225, 0, 111]),
    NUMBERS,
    st.sampled_from([1001, 1002, 5]),
    st.one_of(BODIES, st.builds(bytes.__add__, st.just(b"\xbe\xde\0\x02"), BODIES)),
)

# RTCP packets whose length may lie, of the kinds and forms that are read, and others.
RTCP = st.builds(
    lambda form, kind, body, lie: (
        struct.pack("!BBH", 0x80 | form, kind, max(0, len(body) // 4 + lie)) + body
    ),
    st.one_of(st.integers(0, 0x3F), st.sampled_from([1, 4, 15])),
    st.sampled_from([200, 201, 202, 203, 204, 205, 206, 207]),
    st.one_of(
        BODIES.map(lambda body: body[: len(body) & ~3]),
        st.builds(lambda body: bytes(8) + b"REMB" + body, BODIES),
        st.builds(lambda body: struct.pack("!LL", 1, 2001) + body, BODIES),
    ),
    st.sampled_from([0, 0, 0, -1, 1, 0xFF]),
)


@EXAMPLES
@given(st.one_of(BODIES, RTP))
def test_an_rtp_packet_is_taken_apart_or_refused(data):
    offset = rtp.payload_offset(data)
    assert offset <= len(data)
    assert sum(len(value) for _, value in rtp.extensions(data)) < len(data) + 1
    if offset >= 0:
        assert rtp.payload_end(data, offset) <= len(data)
        rtp.unwrap_rtx(data, offset, 1, 96)


@EXAMPLES
@given(st.lists(st.one_of(RTCP, BODIES), max_size=4).map(b"".join))
def test_an_rtcp_datagram_is_read_or_called_malformed(data):
    found = rtcp.parse(data)

    assert found.remb is None or 0 <= found.remb <= 1 << 40
    assert all(0 <= n <= 0xFFFF for _, lost in found.nacks for n in lost)


@EXAMPLES
@given(BODIES, st.integers(0, 90), st.integers(0, 90), NUMBERS)
def test_a_vp8_payload_is_described_or_passes_unchanged(data, start, end, offset):
    found = vp8.describe(data, start, end)
    renumbered = vp8.renumber(data, offset, offset)
    FrameAssembler().add(offset, offset, data, 0.0, marker=True)

    assert found is None or found.length <= vp8.MAX_DESCRIPTOR
    assert len(renumbered) == len(data)


@EXAMPLES
@given(st.lists(st.one_of(RTP, RTCP, BODIES), max_size=30))
def test_a_browser_may_say_anything_to_everybody(datagrams):
    source, sink = (
        Browser(lambda *_: None, lambda _: None, observes=False) for _ in range(2)
    )
    for browser in (source, sink):
        browser.agree((a_line(),))
    sink.outlets(Kind.VIDEO)[0].attach(source.sources(Kind.VIDEO)[0])

    for n, data in enumerate(datagrams):
        browser = sink if n % 3 == 2 else source
        hear = browser.hear_rtcp if rtp.is_rtcp(data) else browser.hear_rtp
        hear(data, 1 + n / 10)
        source.tick(1 + n / 10)
        sink.tick(1 + n / 10)


HOSTILE = ["", " ", ":", "9" * 5000, "-1", "é" * 300, "²", "\u0663", "0", "a=b", "*"]
LINES = an_offer().split("\r\n")
HERE = Transport([("192.0.2.1", 40_000)], "ours", "p" * 22, "AB:CD", "active")


@st.composite
def offers(draw):
    """An offer of which some words, lines or attributes are replaced."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        words = lines[at].replace(":", ": ", 1).split(" ")
        word = draw(st.integers(0, len(words) - 1))
        words[word] = draw(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=8)))
        head, _, rest = " ".join(words).partition(": ")
        lines[at] = f"{head}:{rest}" if rest else head
        if draw(st.booleans()):
            lines.insert(at, draw(st.sampled_from(LINES)))
    return "\r\n".join(lines)


@EXAMPLES
@given(offers())
@example(an_offer().replace("m=video 9", f"m=video {'9' * 5000}"))
@example(an_offer().replace("a=ssrc:1001", f"a=ssrc:{'9' * 5000}"))
@example(an_offer().replace("96", "9" * 5000))
@example(an_offer().replace("extmap:2", f"extmap:{'9' * 5000}"))
@example(an_offer().replace("a=ssrc-group:FID 1001 1002", "a=ssrc-group:"))
def test_an_offer_is_answered_or_refused_with_its_own_error(sdp):
    try:
        offer = read_offer(sdp)
    except (BadSdpError, NoVideoError):
        return

    lines = lines_of(offer, Ssrcs(), "leg")
    Browser(lambda *_: None, lambda _: None, observes=False).agree(lines)
    assert write_answer(offer, lines, HERE, 1).startswith("v=0\r\n")
