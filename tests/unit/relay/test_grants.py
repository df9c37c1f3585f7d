"""A grant proves that both sides were told; nothing else lets anybody watch unseen."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.errors import BadGrantError
from relay.grants import LONGEST, Grant, allows, read_grant, write_grant
from relay.model import CallId, ParticipantId

SECRET = "a secret of thirty-two characters"
NOW = 1_800_000_000.0

names = st.text(min_size=1, max_size=96).map(ParticipantId)
grants = st.builds(
    Grant,
    call=st.text(min_size=1, max_size=96).map(CallId),
    observer=names,
    told=st.frozensets(names, min_size=2, max_size=8),
    until=st.floats(NOW + 0.001, NOW + LONGEST),
)


def a_grant(**facts):
    return Grant(
        **{
            "call": CallId("call-1"),
            "observer": ParticipantId("supervisor:9"),
            "told": frozenset({ParticipantId("caller"), ParticipantId("agent:1")}),
            "until": NOW + 60,
            **facts,
        }
    )


@given(grants, st.text(min_size=1))
def test_a_grant_is_read_as_it_was_written(grant, secret):
    assert read_grant(write_grant(grant, secret), secret, NOW) == grant


@given(grants, st.text(min_size=32), st.text(min_size=32))
def test_no_other_secret_will_do(grant, one, other):
    text = write_grant(grant, one)

    if one != other:
        with pytest.raises(BadGrantError):
            read_grant(text, other, NOW)


@given(grants, st.data())
def test_no_character_of_a_grant_can_be_changed(grant, data):
    text = write_grant(grant, SECRET)
    at = data.draw(st.integers(0, len(text) - 1))
    character = data.draw(st.characters().filter(lambda c: c != text[at]))

    with pytest.raises(BadGrantError):
        read_grant(text[:at] + character + text[at + 1 :], SECRET, NOW)


@given(st.text(max_size=200))
def test_no_other_text_is_a_grant(text):
    with pytest.raises(BadGrantError):
        read_grant(text, SECRET, NOW)


def test_what_the_secret_signed_for_something_else_is_no_grant():
    body = write_grant(a_grant(), SECRET).partition(".")[0]
    key = base64.b64encode(SECRET.encode()).decode()

    for proof in ("", key, SECRET, "0" * 64):
        with pytest.raises(BadGrantError):
            read_grant(f"{body}.{proof}", SECRET, NOW)


@pytest.mark.parametrize("told", [(), ("caller",)])
def test_a_grant_names_both_sides(told):
    text = write_grant(a_grant(told=frozenset(told)), SECRET)

    with pytest.raises(BadGrantError):
        read_grant(text, SECRET, NOW)


@pytest.mark.parametrize(
    "until", [NOW, NOW - 1, NOW + LONGEST + 1, float("inf"), float("nan")]
)
def test_a_grant_ends_and_not_long_from_now(until):
    text = write_grant(a_grant(until=until), SECRET)

    with pytest.raises(BadGrantError):
        read_grant(text, SECRET, NOW)


@given(grants, st.frozensets(names), st.floats(NOW - 10, NOW + 2 * LONGEST))
def test_nobody_who_was_not_told_is_watched_and_nobody_for_longer(grant, present, now):
    allowed = allows(grant, present, now)

    assert allowed == (present <= grant.told and now < grant.until)


def test_without_a_grant_nobody_is_watched():
    assert not allows(None, [], NOW)
