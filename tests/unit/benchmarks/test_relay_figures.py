"""What a race of relays says, and when it says nothing."""

from dataclasses import replace

import pytest

from benchmarks.delays import Delays
from benchmarks.load import Round
from benchmarks.relay_figures import (
    MEDIA_RELAY,
    OURS,
    TWO_WATCHERS,
    Result,
    UnequalError,
    compare,
)
from relay.forwarding.rtp import HEADER

ALL = ("NACK and RTX", "RR", "SR", "REMB")
GCM = "SRTP_AEAD_AES_256_GCM"


def a_result(name, *packet_us, frame_us=1_000.0):
    frames = [frame_us] * len(packet_us)
    return Result(name, packet_us, frames, GCM, ALL)


RELAY = a_result(OURS, 20.0, 22.0, 90.0)
THREADS = a_result("janus, threads", 40.0, 40.0, 40.0)
LOOP = a_result("janus, 1 loop", 44.0, 44.0, 44.0)
MEDIA = a_result(MEDIA_RELAY, 900.0, frame_us=10_000.0)


def compared(*results):
    return compare(results, streams=30, packets_a_second=250.0)


def test_the_figure_is_the_median_of_the_rounds():
    assert compared(RELAY, MEDIA)["relay_us_per_packet"] == 22.0


def test_the_better_mode_of_janus_counts_and_is_named():
    figures = compared(RELAY, LOOP, THREADS, MEDIA)

    assert figures["janus_mode"] == "threads"
    assert figures["janus_us_per_packet"] == 40.0
    assert figures["ratio_to_janus"] == 0.55


def test_without_janus_the_rest_is_reported():
    figures = compared(RELAY, MEDIA)

    assert figures["janus"] == "not installed"
    assert not {"ratio_to_janus", "janus_us_per_packet"} & figures.keys()
    assert figures["mediarelay_ratio"] > 1


def test_calls_are_compared_by_what_two_of_each_kind_cost():
    figures = compared(RELAY, MEDIA)

    # 60 pictures of 10 ms against 500 packets of 22 µs
    assert figures["mediarelay_ratio"] == round(0.6 / 0.011, 1)
    assert figures["mediarelay_calls_per_core"] == 1.0


def test_an_output_more_costs_the_difference():
    figures = compared(RELAY, a_result(TWO_WATCHERS, 33.0), MEDIA)

    assert figures["extra_output_us"] == 11.0


@pytest.mark.parametrize(
    "lacking",
    [
        replace(THREADS, features=ALL[1:]),
        replace(THREADS, features=ALL[:-1]),
        replace(THREADS, profile="SRTP_AES128_CM_SHA1_80"),
        replace(THREADS, discarded=3),
    ],
    ids=["no NACK", "no rate", "another cipher", "lost too much"],
)
def test_who_does_less_makes_the_race_void(lacking):
    with pytest.raises(UnequalError):
        compared(RELAY, lacking, MEDIA)


def test_media_relay_may_lack_what_it_does_not_know():
    assert compared(RELAY, replace(MEDIA, features=()))["features"][MEDIA_RELAY] == []


def test_a_round_tells_its_loss_and_its_cost():
    one = Round(sent=1000, due=2000, received=1998, cpu=0.03, seconds=1.0, late_p99=0.0)

    assert one.loss == pytest.approx(0.001)
    assert one.us_per_packet == pytest.approx(30.0)


# --------------------------------------------------------------------- delays

OUT = 77


def a_packet(sequence, ssrc=7):
    return HEADER.pack(0x80, 96, sequence & 0xFFFF, 0, ssrc) + b"sealed"


def test_packets_are_matched_though_their_numbers_are_shifted():
    delays = Delays({OUT: "video"})
    sent = [(a_packet(65_530 + n), float(n)) for n in range(10)]

    for n in (0, 1, 3, 2, 4, 5, 6, 7, 9):
        delays.hear(a_packet(200 + n, OUT), n + 0.25 * (n + 1))

    found = dict(
        zip((0, 1, 3, 2, 4, 5, 6, 7, 9), delays.of("video", sent), strict=True)
    )
    assert found == {n: 0.25 * (n + 1) for n in found}


def test_a_first_packet_that_was_overtaken_is_the_first_all_the_same():
    delays = Delays({OUT: "audio"})
    sent = [(a_packet(n), 0.0) for n in range(3)]

    delays.hear(a_packet(1, OUT), 1.0)
    delays.hear(a_packet(0, OUT), 2.0)

    assert delays.of("audio", sent) == [1.0, 2.0]


def test_where_nothing_came_there_are_no_delays():
    assert Delays({}).of("video", [(a_packet(0), 0.0)]) == []
