"""What a browser reports lost is judged by the second, not by a handful of packets."""

import pytest

from relay.forwarding.reporting import Reporting
from relay.forwarding.rtcp import Report
from tests.unit.relay.wire import Wire


def a_report(lost, highest):
    return Report(3001, 0, lost, highest, 0, 0, 0)


def test_a_browser_may_report_as_often_as_it_likes():
    reporting = Reporting()
    down = Wire(our_ssrc=3001).down

    told = []
    for n in range(31):
        report = a_report(lost=2 * n // 4, highest=1_000 + 10 * n)
        told.append(reporting.loss(down, report, 5 + n / 10))

    losses = [loss for loss in told if loss is not None]
    assert [loss.packets for loss in losses] == [100, 100, 100]
    assert all(loss.share == pytest.approx(0.05) for loss in losses)


def test_what_comes_late_is_no_loss_below_nothing():
    reporting = Reporting()
    down = Wire(our_ssrc=3001).down
    reporting.loss(down, a_report(lost=9, highest=1_000), 5.0)

    loss = reporting.loss(down, a_report(lost=3, highest=1_000), 6.0)

    assert loss is not None
    assert (loss.share, loss.packets) == (0.0, 0)
