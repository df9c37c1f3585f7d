"""Who may serve whom, and in which order."""

from hypothesis import given
from hypothesis import strategies as st

from queueing.catalogue import Need, ScarceReserve
from queueing.matching import (
    Caller,
    Candidate,
    best_agent,
    best_caller,
    covers,
    eligible,
    held,
    surplus,
)
from queueing.model import (
    CompanyId,
)
from queueing.needs import needed_levels

NOW = 1_000.0
TELECOM = CompanyId("telecom")
SKILLS = st.sampled_from(["lsf", "lfpc", "bill", "tactile"])
LEVELS = st.integers(1, 3)
NEEDS = st.lists(st.builds(Need, SKILLS, LEVELS), max_size=4).map(tuple)
COMPANIES = st.sampled_from(["telecom", "insurance"])
CALLERS = st.builds(
    Caller,
    call=st.uuids().map(str),
    company=COMPANIES,
    needs=NEEDS,
    deadline=st.integers(900, 920).map(float),
    rests=st.dictionaries(st.sampled_from(["a1", "a2"]), st.floats(990, 1010)),
    reserve=st.booleans(),
    dropped=st.frozensets(SKILLS, max_size=1),
)
CANDIDATES = st.builds(
    Candidate,
    agent=st.sampled_from(["a1", "a2", "a3", "a4"]),
    companies=st.frozensets(COMPANIES),
    skills=st.dictionaries(SKILLS, LEVELS),
    reserve=st.booleans(),
    held=st.frozensets(SKILLS, max_size=2),
    idle_since=st.integers(900, 920).map(float),
)


def a_caller(call="c1", *, deadline=900.0, rests=None, reserve=False, **needs):
    return Caller(
        call=call,
        company=TELECOM,
        needs=tuple(Need(*each) for each in (needs or {"lsf": 2}).items()),
        deadline=deadline,
        rests=rests or {},
        reserve=reserve,
    )


def a_candidate(agent="a1", *, since=900.0, reserve=False, **skills):
    return Candidate(
        agent=agent,
        companies=frozenset({TELECOM}),
        skills=skills or {"lsf": 2},
        reserve=reserve,
        idle_since=since,
    )


@given(CALLERS, CANDIDATES)
def test_an_eligible_agent_has_the_company_every_level_no_rest_and_is_called(
    caller, candidate
):
    expected = (
        caller.company in candidate.companies
        and all(candidate.skills.get(n.skill, 0) >= n.level for n in caller.needs)
        and caller.rests.get(candidate.agent, 0) <= NOW
        and not (candidate.reserve and not caller.reserve)
        and (
            caller.reserve
            or not candidate.held
            or any(need.skill in candidate.held for need in caller.needs)
            or any(skill in candidate.held for skill in caller.dropped)
        )
    )

    assert eligible(caller, candidate, NOW) == expected


@given(CALLERS, CANDIDATES, SKILLS)
def test_learning_never_makes_an_agent_ineligible(caller, candidate, skill):
    better = Candidate(
        agent=candidate.agent,
        companies=candidate.companies,
        skills=candidate.skills | {skill: 3},
        reserve=candidate.reserve,
        idle_since=candidate.idle_since,
        held=candidate.held,
    )

    assert eligible(caller, better, NOW) >= eligible(caller, candidate, NOW)


@given(CALLERS, st.lists(CANDIDATES, unique_by=lambda each: each.agent))
def test_nobody_with_an_eligible_agent_is_left_waiting(caller, candidates):
    chosen = best_agent(caller, candidates, NOW)

    able = [each for each in candidates if eligible(caller, each, NOW)]
    assert (chosen is None) == (not able)
    assert chosen is None or chosen in able


@given(CANDIDATES, st.lists(CALLERS, unique_by=lambda each: each.call))
def test_no_eligible_caller_came_before_the_one_who_is_served(candidate, callers):
    chosen = best_caller(candidate, callers, NOW)

    able = [each for each in callers if eligible(each, candidate, NOW)]
    assert (chosen is None) == (not able)
    assert chosen is None or all(
        (chosen.deadline, chosen.call) <= (each.deadline, each.call) for each in able
    )


@given(CALLERS, st.permutations([a_candidate(f"a{n}") for n in range(4)]))
def test_the_choice_does_not_depend_on_the_order_of_the_list(caller, candidates):
    assert best_agent(caller, candidates, NOW) == best_agent(
        caller, sorted(candidates, key=lambda each: each.agent), NOW
    )


def test_least_surplus_comes_before_longest_idle_and_reserve_comes_last():
    spare = a_candidate("reserve", since=0, reserve=True)
    rich = a_candidate("rich", since=0, lsf=3, tactile=3)
    late = a_candidate("late", since=950, lsf=3)
    early = a_candidate("early", since=940, lsf=3)

    order, left = [], [spare, rich, late, early]
    while chosen := best_agent(a_caller(reserve=True), left, NOW):
        order.append(chosen.agent)
        left.remove(chosen)

    assert order == ["early", "late", "rich", "reserve"]


def test_a_pair_rests_until_its_time_and_no_longer():
    caller = a_caller(rests={"a1": NOW + 1})

    assert not eligible(caller, a_candidate("a1"), NOW)
    assert eligible(caller, a_candidate("a2"), NOW)
    assert eligible(caller, a_candidate("a1"), NOW + 1)


def test_of_two_needs_for_one_skill_the_higher_level_holds():
    needs = (Need("lsf", 3), Need("lsf", 1), Need("bill", 1))

    assert needed_levels(needs) == {"lsf": 3, "bill": 1}
    assert covers({"lsf": 3, "bill": 2}, needs)
    assert surplus(a_candidate(lsf=3, bill=3), needs) == 2


def test_an_agent_is_held_for_all_scarce_skills_while_one_of_them_is_short():
    plan = (ScarceReserve("lfpc", 1), ScarceReserve("tactile", 2))
    both = {"lsf": 3, "lfpc": 1, "tactile": 3}

    assert held(both, plan, {"lfpc": 2, "tactile": 2}) == {"lfpc", "tactile"}
    assert held(both, plan, {"lfpc": 2, "tactile": 3}) == frozenset()
    assert held({"lsf": 3}, plan, {"lfpc": 0, "tactile": 0}) == frozenset()
