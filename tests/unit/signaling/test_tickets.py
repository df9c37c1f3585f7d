"""A ticket proves a place in the queue, and nothing else does."""

import jwt
import pytest

from signaling.errors import BadTicketError
from signaling.tickets import LIFETIME, TicketClaims, sign, verify

SECRET = "s" * 32
T0 = 1_790_000_000.25


def a_ticket(secret=SECRET):
    return sign(TicketClaims(call="c1", service="telecom-demo", t0=T0), secret=secret)


def test_a_ticket_says_what_was_signed():
    claims = verify(a_ticket(), secret=SECRET, now=T0 + 60)

    assert claims == TicketClaims(call="c1", service="telecom-demo", t0=T0)


@pytest.mark.parametrize("left", [False, True])
def test_a_ticket_says_whether_its_caller_has_left(left):
    claims = TicketClaims(call="c1", service="telecom-demo", t0=T0, left=left)

    ticket = sign(claims, secret=SECRET)

    assert verify(ticket, secret=SECRET, now=T0) == claims


def test_a_ticket_of_another_platform_is_refused():
    with pytest.raises(BadTicketError):
        verify(a_ticket(secret="o" * 32), secret=SECRET, now=T0)


def test_an_expired_ticket_is_refused():
    with pytest.raises(BadTicketError):
        verify(a_ticket(), secret=SECRET, now=T0 + LIFETIME)


@pytest.mark.parametrize("forged", ["", "x" * 40, "a.b.c", "ey.ey.ey"])
def test_words_that_are_no_ticket_are_refused(forged):
    with pytest.raises(BadTicketError):
        verify(forged, secret=SECRET, now=T0)


def test_a_ticket_without_signature_is_refused():
    claims = {"aud": "illico:call", "sub": "c1", "svc": "s", "t0": T0, "exp": T0 + 60}
    unsigned = jwt.encode(claims, "", algorithm="none")

    with pytest.raises(BadTicketError):
        verify(unsigned, secret=SECRET, now=T0)


def test_a_changed_letter_breaks_the_ticket():
    head, body, signature = a_ticket().split(".")
    changed = "A" if body[5] != "A" else "B"

    with pytest.raises(BadTicketError):
        verify(
            ".".join((head, body[:5] + changed + body[6:], signature)),
            secret=SECRET,
            now=T0,
        )
