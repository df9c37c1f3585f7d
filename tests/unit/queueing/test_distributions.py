"""Special functions against what is known of them."""

import math

import pytest

from queueing.distributions import beta_share, digamma, gamma_beyond, trigamma


def test_digamma_and_trigamma_have_their_known_values():
    assert digamma(1) == pytest.approx(-0.5772156649015329, abs=1e-11)
    assert digamma(0.5) == pytest.approx(-1.9635100260214235, abs=1e-11)
    assert trigamma(1) == pytest.approx(math.pi**2 / 6, abs=1e-11)
    assert trigamma(0.5) == pytest.approx(math.pi**2 / 2, abs=1e-11)


@pytest.mark.parametrize("x", [0.01, 0.3, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("a", [0.4, 1, 7, 300])
@pytest.mark.parametrize("n", [1, 2, 15, 400])
def test_the_beta_agrees_with_its_finite_sum(x, a, n):
    term, total = a * math.log(x), 0.0
    for i in range(n):
        total += math.exp(term)
        term += math.log((a + i) / (i + 1) * (1 - x))

    assert beta_share(x, a, n) == pytest.approx(total, rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("x", [0.01, 1, 5, 30, 500])
@pytest.mark.parametrize("n", [1, 2, 15, 400])
def test_the_gamma_agrees_with_its_finite_sum(x, n):
    term, total = -x, 0.0
    for i in range(n):
        total += math.exp(term)
        term += math.log(x / (i + 1))

    assert gamma_beyond(x, n) == pytest.approx(total, rel=1e-9, abs=1e-13)


def test_nothing_lies_beyond_the_ends():
    assert (beta_share(-0.1, 2, 3), beta_share(0, 2, 3)) == (0, 0)
    assert (beta_share(1, 2, 3), beta_share(1.5, 2, 3)) == (1, 1)
    assert gamma_beyond(0, 3) == 1
