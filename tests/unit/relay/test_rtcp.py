from hypothesis import given
from hypothesis import strategies as st

from relay.forwarding import rtcp
from relay.forwarding.rate import (
    LOSS_FLOOR_BPS,
    MAX_BPS,
    MIN_BPS,
    LossLimit,
    uplink_limit,
)

SSRCS = st.integers(0, 0xFFFFFFFF)


@given(SSRCS, st.sets(st.integers(0, 0xFFFF), min_size=1, max_size=40))
def test_what_is_asked_for_is_understood(ssrc, lost):
    heard = rtcp.parse(rtcp.nack(1, ssrc, lost))

    [(media, asked)] = heard.nacks
    assert media == ssrc
    assert set(asked) == lost


def test_one_datagram_asks_for_five_hundred_packets_at_most():
    pairs = b"".join(n.to_bytes(2) + b"\xff\xff" for n in range(0, 17 * 200, 17))
    everything = bytes([0x81, 205]) + (2 + 200).to_bytes(2) + bytes(8) + pairs

    heard = rtcp.parse(everything + everything)

    asked = [number for _, lost in heard.nacks for number in lost]
    assert asked == list(range(rtcp.MOST_ASKED))
    assert not heard.malformed


@given(st.integers(30_000, 1 << 34))
def test_a_rate_survives_within_a_thousandth(bps):
    heard = rtcp.parse(rtcp.remb(1, bps, [7]))

    assert heard.remb is not None
    assert bps * 0.999 <= heard.remb <= bps


@given(
    st.lists(
        st.builds(
            rtcp.Report,
            SSRCS,
            st.integers(0, 255),
            st.integers(-0x800000, 0x7FFFFF),
            SSRCS,
            SSRCS,
            SSRCS,
            SSRCS,
        ),
        max_size=31,
    )
)
def test_reports_survive(reports):
    heard = rtcp.parse(rtcp.receiver_report(5, reports))

    assert heard.reports == reports
    assert not heard.malformed


def test_a_compound_datagram_is_read_to_its_end():
    heard = rtcp.parse(
        rtcp.sender_report(5, 0x1122334455667788, 42, 3, 4)
        + rtcp.description(5, "name")
        + rtcp.picture_loss(1, 77)
        + rtcp.bye([5, 6])
    )

    assert heard.senders == [rtcp.SenderInfo(5, 0x1122334455667788, 42)]
    assert heard.key_frames == [77]
    assert heard.byes == [5, 6]
    assert not heard.malformed


def test_a_full_intra_request_asks_for_a_key_frame():
    fir = bytes([0x84, 206, 0, 4]) + bytes(8) + (99).to_bytes(4) + bytes(4)

    assert rtcp.parse(fir).key_frames == [99]


def test_a_rate_with_a_lying_count_is_malformed_and_no_more():
    packet = bytearray(rtcp.remb(1, 500_000, [7]))
    packet[16] = 200

    heard = rtcp.parse(bytes(packet))

    assert heard.malformed
    assert heard.remb is None


@given(st.binary(max_size=120))
def test_no_bytes_raise(data):
    rtcp.parse(data)


@given(
    st.sampled_from([200, 201, 203, 205, 206]),
    st.integers(0, 31),
    st.binary(max_size=80),
)
def test_no_body_raises(kind, count, body):
    body += bytes(-len(body) % 4)
    head = bytes([0x80 | count, kind]) + (len(body) // 4).to_bytes(2)
    rtcp.parse(head + body)


def test_the_weakest_participant_and_the_pace_cap_a_sender():
    assert uplink_limit([900_000, 700_000], None, MAX_BPS) == 700_000
    assert uplink_limit([900_000], 150_000, MAX_BPS) == 150_000
    assert uplink_limit([], None, MAX_BPS) == MAX_BPS
    assert uplink_limit([1], None, MAX_BPS) == MIN_BPS


def test_loss_steps_back_and_calm_comes_again():
    limit = LossLimit()

    after_loss = limit.update(64, 1_000_000, 100)
    for _ in range(10):
        limit.update(0, 1_000_000, 100)

    assert after_loss == 875_000
    assert limit.bps == MAX_BPS


def test_a_handful_of_lost_packets_proves_nothing():
    limit = LossLimit()

    limit.update(128, 5_000, 6)

    assert limit.bps == MAX_BPS


def test_loss_alone_never_starves_a_sender():
    limit = LossLimit()
    for _ in range(20):
        limit.update(200, 10_000, 100)

    assert limit.bps == LOSS_FLOOR_BPS
