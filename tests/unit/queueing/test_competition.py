"""Who waits for the same agents, and how long."""

import random
import statistics

import pytest

from queueing.competition import (
    POINTS,
    Crew,
    Outlook,
    Point,
    Queue,
    changed,
    compete,
    decode,
    encode,
)

LSF, BILLING, PANNE = 1, 2, 4
MINUTE = 60_000_000


def a_crew(agents, skills=LSF, *companies, reserve=False):
    return Crew(frozenset(companies or ("telecom",)), skills, reserve, agents)


def a_queue(name, *deadlines, needs=LSF, company="telecom", **words):
    found = {"reserve": False, "each": 1.0, "handle": 300.0, "patience": 180.0} | words
    return Queue(name, company, needs, deadlines=deadlines, **found)


def lines(crews, *queues):
    """The rate and who is ahead, of each deadline of each queue."""
    return {
        name: [(round(p.rate * 300, 6), round(p.ahead, 6)) for p in outlook.points]
        for name, outlook in compete(crews, queues).items()
    }


def test_callers_of_one_queue_stand_behind_each_other():
    assert lines([a_crew(4)], a_queue("one", 1, 2, 3)) == {
        "one": [(4, 0), (4, 1), (4, 2)]
    }


def test_two_queues_for_the_same_agents_are_one_line_by_deadline():
    found = lines([a_crew(4, LSF | BILLING)], a_queue("one", 1, 4),
                  a_queue("bill", 2, 3, needs=LSF | BILLING))  # fmt: skip

    assert found == {"one": [(4, 0), (4, 3)], "bill": [(4, 1), (4, 2)]}


def test_queues_for_different_agents_do_not_meet():
    found = lines([a_crew(2), a_crew(3, LSF, "insurance")], a_queue("one", 1),
                  a_queue("other", 2, company="insurance"))  # fmt: skip

    assert found == {"one": [(2, 0)], "other": [(3, 0)]}


def test_a_caller_whom_many_may_serve_does_not_wait_for_the_rare_ones():
    crews = [a_crew(1, LSF | BILLING), a_crew(9)]
    bills = a_queue("bill", 1, 2, 3, needs=LSF | BILLING)

    found = lines(crews, bills, a_queue("one", 4))

    assert found["bill"] == [(1, 0), (1, 1), (1, 2)]
    assert found["one"] == [(9, 0)]


def test_a_caller_of_a_rare_skill_waits_for_the_part_that_others_take_of_it():
    crews = [a_crew(1, LSF | BILLING), a_crew(9)]
    many = a_queue("one", *range(1, 21))

    found = lines(crews, many, a_queue("bill", 30, needs=LSF | BILLING))

    rate, ahead = found["bill"][0]
    assert rate == 1
    assert ahead == pytest.approx(20 / 10)


def test_the_reserve_counts_once_it_is_called():
    crews = [a_crew(2), a_crew(3, reserve=True)]

    found = lines(crews, a_queue("one", 1), a_queue("one r", 2, reserve=True))

    assert found == {"one": [(2, 0)], "one r": [(3, 0)]}


def test_who_has_a_scarce_skill_is_kept_for_those_who_need_it_or_did():
    crews = [a_crew(2), Crew(frozenset({"telecom"}), LSF | PANNE, False, 3, PANNE)]

    found = lines(crews, a_queue("one", 1), a_queue("panne", 2, needs=LSF | PANNE),
                  a_queue("was", 3, dropped=PANNE), a_queue("r", 4, reserve=True))  # fmt: skip

    assert [found[name][0][0] for name in ("one", "panne")] == [2, 3]
    assert found["was"][0][0] >= 3
    assert found["r"][0][0] >= 3


def test_a_long_line_of_which_a_part_was_read_is_as_long():
    whole = compete([a_crew(10)], [a_queue("one", *range(300))])["one"]
    part = compete([a_crew(10)], [a_queue("one", *range(0, 300, 10), each=10)])["one"]

    for deadline in (0, 50, 155, 280):
        assert part.line(deadline).ahead == pytest.approx(
            whole.line(deadline).ahead, abs=1
        )
    assert len(whole.points) == len(part.points) == POINTS


def test_nobody_who_fits_is_told_as_a_line_that_does_not_move():
    outlook = compete([a_crew(4, BILLING)], [a_queue("one", 1)])["one"]

    assert not outlook.line(1).is_moving


def test_who_came_since_stands_behind_the_last():
    outlook = Outlook(0.01, (Point(10, 0.5, 3), Point(20, 0.5, 7)))

    assert outlook.line(10).ahead == 3
    assert outlook.line(15).ahead == 5
    assert outlook.line(20).ahead == 7
    assert outlook.line(99).ahead == 8
    assert outlook.line(1).ahead == 3


def test_an_outlook_survives_its_text_rounded():
    outlook = Outlook(1 / 180, (Point(1_700_000_000_000_000, 0.12345, 3.14159),))

    again = decode(encode(outlook))

    assert again.points == (Point(1_700_000_000_000_000, 0.123, 3.14),)
    assert again.leaving == pytest.approx(1 / 180, rel=1e-2)
    assert decode(encode(Outlook(0.01, ()))).points == ()


def test_only_what_has_changed_is_announced():
    one, two = Outlook(0.01, (Point(1, 0.5, 3),)), Outlook(0.01, ())
    held, words = changed({}, {"a": one, "b": two})

    assert words == ["a", encode(one), "b", encode(two)]
    assert changed(held, {"a": one, "b": two})[1] == []
    assert changed(held, {"a": two})[1] == ["a", encode(two), "b", ""]


def test_the_expected_waits_are_those_of_a_simulated_house():
    """Two crews and a third, three kinds of callers, exponential calls, by deadline."""
    chance = random.Random(11)
    crews = [a_crew(6, LSF), a_crew(4, LSF | BILLING), a_crew(3, LSF | PANNE)]
    needs = {"one": LSF, "bill": LSF | BILLING, "panne": LSF | PANNE}
    callers = sorted(
        (place, chance.choice([*["one"] * 4, "bill", "panne"])) for place in range(60)
    )
    queues = [
        a_queue(name, *(d for d, kind in callers if kind == name), needs=each,
                patience=1e9)
        for name, each in needs.items()
    ]  # fmt: skip
    outlooks = compete(crews, queues)
    lines_of = [outlooks[kind].line(deadline) for deadline, kind in callers]

    runs = [simulated(crews, callers, needs, chance) for _ in range(300)]

    for place in (10, 30, 59):
        mean = statistics.fmean(run[place] for run in runs)
        assert lines_of[place].mean == pytest.approx(mean, rel=0.2), callers[place]
    ranges = [line.between for line in lines_of]
    inside = [
        low <= wait <= high
        for run in runs
        for wait, (low, high) in zip(run, ranges, strict=True)
    ]
    assert 0.75 < statistics.fmean(inside) < 0.9  # four of five are meant


def simulated(crews, callers, needs, chance):
    line, waits, now = list(enumerate(callers)), [0.0] * len(callers), 0.0
    busy = [crew.agents for crew in crews]  # all of them, from the first moment on
    while line:
        now += chance.expovariate(sum(busy) / 300)
        free = chance.choices(range(len(crews)), busy)[0]
        skills = crews[free].skills
        fit = [each for each in line if skills & needs[each[1][1]] == needs[each[1][1]]]
        if fit:
            waits[fit[0][0]] = now
            line.remove(fit[0])
    return waits
