"""What a tariff may ask, and of whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import (
    CallerNeverPaysError,
    InvalidInputError,
    TariffTooHighError,
)
from accounts.tariffs import CEILING, Offer, check_forecast, check_tariff
from queueing.catalogue import ServiceEntry


def test_sixty_cents_a_minute_are_allowed_and_a_millionth_more_is_not():
    assert check_tariff("premium", 600_000, 0).per_minute == CEILING

    with pytest.raises(TariffTooHighError) as refused:
        check_tariff("premium", 600_001, 0)
    assert refused.value.code == "tariff_too_high"


@given(st.integers(-1, 700_000), st.sampled_from(["base", "premium", "gold"]))
def test_whatever_a_tariff_says_it_never_bills_a_caller(per_minute, offer):
    with pytest.raises(CallerNeverPaysError) as refused:
        check_tariff(offer, per_minute, 0, "caller")
    assert refused.value.code == "caller_never_pays"


@pytest.mark.parametrize(
    "words",
    [("gold", 1, 0), ("base", -1, 0), ("base", 1, -1), ("base", 1, 0, "nobody")],
)
def test_a_tariff_that_cannot_be_is_refused(words):
    with pytest.raises(InvalidInputError):
        check_tariff(*words)


def test_a_forecast_has_every_half_hour_of_a_week():
    assert check_forecast((3,) * 336) == (3,) * 336
    for wrong in ((3,), (-1,) * 336, (10**6,) * 336):
        with pytest.raises(InvalidInputError):
            check_forecast(wrong)


def test_nothing_that_the_queue_reads_of_a_service_knows_of_an_offer():
    """So no offer can change who waits how long."""
    fields = " ".join(ServiceEntry.__annotations__)

    assert not {"offer", "tariff", "per_minute", "contract"} & {*fields.split()}
    assert {*Offer} == {"base", "premium"}
