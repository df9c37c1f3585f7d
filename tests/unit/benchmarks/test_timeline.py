"""The parts of a call's wait add up to the wait."""

import pytest

from benchmarks.timeline import Chained, Marks, MissingMarkError, Timeline

CALLER = {
    "got welcome": 900,
    "click call-now": 1000,
    "got ticket": 1030,
    "sent leg_offer": 1040,
    "got connecting": 1090,
    "got leg_answer": 1080,
    "ice connected": 1100,
    "leg connected": 1120,
    "first frame": 1400,
    "frame told": 1410,
    "frame received": 1390,
}
AGENT = {
    "got offer": 1050,
    "click accept": 1060,
    "camera open": 1150,
    "sent leg_offer": 1160,
    "got leg_answer": 1200,
    "ice connected": 1220,
    "leg connected": 1250,
}
CHAINED = Chained(queued=1020, forwarded=1380)


def page(noted):
    return Marks.read({"name": n, "at": at, "facts": {}} for n, at in noted.items())


def a_timeline(caller=CALLER, agent=AGENT, chained=CHAINED):
    return Timeline(page(caller), page(agent), chained)


def in_a_row(timeline):
    return {name: ms for name, ms in timeline.parts().items() if name[0].isdigit()}


def test_the_wait_is_from_the_click_to_the_picture():
    timeline = a_timeline()

    assert timeline.click_to_first_frame_ms == 400
    assert timeline.accept_to_first_frame_ms == 340


@pytest.mark.parametrize("chained", [CHAINED, None])
def test_the_numbered_parts_add_up_to_the_wait(chained):
    timeline = a_timeline(chained=chained)

    assert sum(in_a_row(timeline).values()) == timeline.click_to_first_frame_ms


def test_each_part_is_named_by_its_end():
    assert in_a_row(a_timeline()) == {
        "1 call queued (T0)": 20,
        "2 console rings": 30,
        "3 agent accepts": 10,
        "4 routed, both legs up": 190,
        "5 key frame forwarded": 130,
        "6 key frame received": 10,
        "7 first frame presented": 10,
    }


def test_without_a_ledger_two_parts_melt_into_their_followers():
    parts = in_a_row(a_timeline(chained=None))

    assert parts["2 console rings"] == 50
    assert parts["6 key frame received"] == 140
    assert len(parts) == 5


def test_what_a_page_noted_before_the_click_does_not_count():
    caller = Marks((("first frame", 500.0), *page(CALLER).times))

    assert Timeline(caller, page(AGENT)).click_to_first_frame_ms == 400


def test_a_call_that_nobody_saw_is_no_figure():
    caller = {name: at for name, at in CALLER.items() if name != "first frame"}

    with pytest.raises(MissingMarkError, match="first frame"):
        a_timeline(caller).parts()
