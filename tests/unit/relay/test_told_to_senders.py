"""What a sender is told: rates, what arrived, reports."""

from relay.forwarding import rtcp
from relay.forwarding.head import ExtensionIds
from relay.forwarding.line import Kind
from tests.unit.relay.packets import (
    a_line,
    rtx,
    vp8,
)
from tests.unit.relay.packets import rtp as packet
from tests.unit.relay.wire import Wire, a_pair, rates


def test_a_sender_is_told_the_weakest_participants_rate_and_never_an_observers():
    source, sink = a_pair()
    observer = Wire(observes=True, our_ssrc=4001, our_rtx_ssrc=4002)
    observer.down.attach(source.up)
    source.shows(100, 3)
    observer.browser.hear_rtcp(rtcp.remb(1, 100_000, [4001]), 1.0)
    sink.browser.hear_rtcp(rtcp.remb(1, 800_000, [3001]), 1.0)

    source.browser.tick(1.1)

    assert 790_000 < rates(source)[-1] <= 800_000


def numbered(data, number):
    """Give a packet a transport-wide number."""
    block = bytes([0xBE, 0xDE, 0, 1, 3 << 4 | 1]) + number.to_bytes(2) + b"\0"
    return bytes([data[0] | 0x10]) + data[1:12] + block + data[12:]


def arrived(wire):
    """The last transport feedback to a browser: its base, and how many it covers."""
    told = [text for text in wire.rtcp if text[:2] == bytes([0x8F, 205])]
    return told and (int.from_bytes(told[-1][12:14]), int.from_bytes(told[-1][14:16]))


def test_every_packet_that_came_is_told_whatever_became_of_it():
    wire = Wire(extensions=ExtensionIds(mid=4, abs_send_time=2, transport_wide=3))
    picture = packet(100, 90_000, vp8(key=True))
    padding = rtx(7, 0, b"")[:12]
    for number, data in enumerate(
        (
            picture,
            picture,  # a duplicate
            bytes([padding[0] | 0x20]) + padding[1:] + b"\0\0\0\4",  # a probe
            packet(101, 90_000, b"?", kind=44),
            packet(102, 90_000, b"?", ssrc=9_999, kind=44),
        )
    ):
        wire.browser.hear_rtp(
            numbered(data, 65_534 + number & 0xFFFF), 1 + number / 100
        )
    wire.browser.tick(1.1)

    assert arrived(wire) == (65_534, 5)


def test_a_browser_without_the_number_is_told_nothing_of_it():
    source, _ = a_pair()
    source.shows(100, 3)
    source.browser.tick(1.1)

    assert not arrived(source)


def test_a_change_of_rate_is_told_at_once_and_the_same_each_second():
    source, _ = a_pair()
    source.shows(100, 3)
    source.browser.tick(1.0)
    rates(source)
    source.browser.steering.pace(150_000)
    source.browser.tick(1.02)
    assert rates(source) == [150_000 & ~1]

    for n in range(151):
        source.browser.tick(1.04 + n / 50)

    assert 2 <= len(rates(source)) <= 3


def test_a_loss_among_the_first_packets_starves_nobody():
    source, _ = a_pair()
    for n in range(100):
        source.shows(100 + 6 * n, 6, now=1 + n / 5, skip={2}, timestamp=n * 18_000)
        source.browser.tick(1 + n / 5)
        if n < 10:
            assert rates(source)[-1:] in ([], [2_500_000])


def test_a_rate_is_shared_by_the_pictures_of_one_sink():
    red, blue = Wire(), Wire()
    sink = Wire()
    sink.browser.agree(
        [a_line(mid=str(n), our_ssrc=n, our_rtx_ssrc=n + 10) for n in (1, 2)]
    )
    for outlet, source in zip(
        sink.browser.outlets(Kind.VIDEO), (red, blue), strict=True
    ):
        outlet.attach(source.up)
    red.shows(100, 3)
    sink.browser.hear_rtcp(rtcp.remb(1, 800_000, [1, 2]), 1.0)
    red.browser.tick(1.1)

    assert 390_000 < rates(red)[-1] <= 400_000


def test_the_relay_reports_what_it_receives():
    source, _ = a_pair()
    source.shows(100, 10, skip={5, 6})
    source.browser.tick(1.0)
    source.browser.tick(2.0)

    [report] = [r for h in source.asked() for r in h.reports]
    assert (report.ssrc, report.lost, report.highest) == (1001, 2, 109)
