"""Lines of what happened while the queue was away, read back after whatever."""

from hypothesis import given
from hypothesis import strategies as st

from signaling.spool_lines import (
    RECOVERY_US,
    Done,
    Fact,
    More,
    Pending,
    Told,
    facts_of,
    from_text,
    to_text,
)

NOW_US = 1_795_334_400_000_000


def a_refusal(number=1, visit="v1", at_us=NOW_US):
    facts = {"visit": visit, "why": "queue_unreachable"}
    place = {"company": "telecom", "service": "telecom-demo"}
    return Told(
        id=f"spool-s1-5-{number}",
        kind="call_refused",
        at_us=at_us,
        facts=facts,
        is_whole=False,
        **place,
    )


def pending(*lines):
    found = Pending()
    for line in lines:
        found.add(line)
    return found


def ids(lines):
    return [line.id for line in lines]


def test_a_refusal_waits_until_nobody_can_recover_from_it():
    found = pending(a_refusal())

    assert found.due(NOW_US + RECOVERY_US - 1) == []
    assert ids(found.due(NOW_US + RECOVERY_US)) == ["spool-s1-5-1"]


def test_a_refusal_of_who_left_or_was_queued_is_due_at_once():
    both: list[dict[str, Fact]] = [{}, {"recovered": "c1"}]
    for facts in both:
        found = pending(a_refusal(), More("spool-s1-5-1", facts))

        (told,) = found.due(NOW_US)

        assert told.facts.get("recovered") == facts.get("recovered")
        assert found.refusal("v1") is None


def test_a_visit_is_known_as_long_as_its_refusal_is_pending():
    found = pending(a_refusal(1, "v1"), a_refusal(2, "v2"))

    found.add(Done("spool-s1-5-1"))

    assert found.refusal("v1") is None
    assert found.refusal("v2") is not None
    assert len(found) == 1


def test_the_ledger_learns_the_line_s_own_id_and_when_it_happened():
    facts = facts_of(a_refusal())

    assert facts["spooled"] == "spool-s1-5-1"
    assert facts["happened_at_us"] == NOW_US
    assert facts["why"] == "queue_unreachable"


lines = st.lists(
    st.one_of(
        st.builds(a_refusal, st.integers(0, 5), st.sampled_from(["v1", "é\n"])),
        st.builds(More, st.just("spool-s1-5-1"), st.just({"recovered": "c1"})),
        st.builds(Done, st.sampled_from([f"spool-s1-5-{n}" for n in range(6)])),
    ),
    max_size=12,
)


@given(lines)
def test_what_was_written_is_read_back(told):
    assert from_text(to_text(told)) == told


@given(lines, st.integers(0, 5_000), st.binary(max_size=40))
def test_a_torn_line_costs_no_other_one(told, cut, rubbish):
    text = to_text(told)
    whole = text[:cut].count(b"\n")

    found = from_text(text[:cut] + b"\n" + rubbish + b"\n" + to_text([Done("last")]))

    assert found[:whole] == told[:whole]
    assert found[-1] == Done("last")


def test_more_of_what_was_never_told_changes_nothing():
    assert len(pending(More("spool-s1-5-9", {"to_us": 1}), Done("x"))) == 0
