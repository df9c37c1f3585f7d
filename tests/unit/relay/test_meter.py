"""What a leg carries is read once a second."""

import pytest

from relay.forwarding import rtcp
from tests.unit.relay.wire import a_pair


def test_rates_and_pictures_are_those_of_the_last_second():
    source, sink = a_pair()
    for second in range(3):
        source.shows(1 + second * 30, 30, now=1.0 + second, key=second == 0)
        for one in (source, sink):
            one.browser.tick(2.0 + second)

    reading = source.browser.meter.reading
    sent = sink.browser.meter.reading

    assert reading.fps == pytest.approx(30)
    assert reading.in_bps > sent.out_bps > 0
    assert reading.out_bps == sent.in_bps == sent.fps == 0


def test_what_a_browser_reports_lost_is_read():
    _source, sink = a_pair()
    sink.browser.tick(1.0)
    block = rtcp.Report(3001, 64, 10, 100, 0, 0, 0)

    sink.browser.hear_rtcp(rtcp.receiver_report(1, [block]), 1.5)
    sink.browser.tick(2.0)
    sink.browser.tick(3.0)

    assert sink.browser.meter.reading.lost_out == pytest.approx(0.25)
