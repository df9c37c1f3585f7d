"""A caller may ask for the agent of their last call, for a quarter of an hour."""

import pytest

from queueing.model import AgentId
from signaling.errors import BadTicketError
from signaling.regulars import LIFETIME, agent_of, word_for
from signaling.tickets import TicketClaims, sign

SECRET = "s" * 32
NOW = 1_790_000_000.0
AGENT = AgentId("a1")


def a_word(secret=SECRET):
    return word_for(AGENT, service="telecom-demo", secret=secret, now=NOW)


def named(word, *, service="telecom-demo", now=NOW):
    return agent_of(word, service=service, secret=SECRET, now=now)


def test_the_word_names_the_agent():
    assert named(a_word(), now=NOW + LIFETIME - 1) == AGENT


def test_after_a_quarter_of_an_hour_it_names_nobody():
    assert named(a_word(), now=NOW + LIFETIME) is None


def test_at_another_service_it_names_nobody():
    assert named(a_word(), service="assurance-demo") is None


@pytest.mark.parametrize("forged", ["", "x" * 40, "a.b.c", a_word(secret="o" * 32)])
def test_a_forged_word_is_refused(forged):
    with pytest.raises(BadTicketError):
        named(forged)


def test_a_ticket_is_no_such_word():
    ticket = sign(
        TicketClaims(call="c1", service="telecom-demo", t0=NOW), secret=SECRET
    )

    with pytest.raises(BadTicketError):
        named(ticket)
