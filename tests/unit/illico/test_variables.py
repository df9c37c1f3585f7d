import pytest
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from illico import variables
from illico.errors import BadEnvironmentError
from illico.settings import Settings


class Other(BaseSettings):
    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    seconds: int = Field(5, ge=1, validation_alias="ILLICO_OFFER_SECONDS")
    secret: str = Field(validation_alias="ILLICO_NEEDED_SECRET")


def found(**environment):
    return variables.complaints(environment, [Settings, Other])


def test_good_variables_and_foreign_ones_raise_no_complaint():
    assert found(ILLICO_OFFER_SECONDS="7", PATH="/bin", ILLICO_HTTP_PORT="8600") == []


def test_a_misspelt_name_is_named():
    assert found(ILLICO_OFER_SECONDS="7") == ["ILLICO_OFER_SECONDS: no such setting"]


def test_a_bad_value_of_another_room_is_told_before_that_room_is_started():
    (complaint,) = found(ILLICO_OFFER_SECONDS="soon")

    assert complaint.startswith("ILLICO_OFFER_SECONDS: ")


def test_all_complaints_come_at_once_each_variable_once():
    complaints = found(ILLICO_HTTP_PORT="0", ILLICO_OFFER_SECONDS="0", ILLICO_X="1")

    assert [each.partition(":")[0] for each in complaints] == [
        "ILLICO_HTTP_PORT",
        "ILLICO_OFFER_SECONDS",
        "ILLICO_X",
    ]


def test_an_empty_variable_is_one_that_is_not_set():
    assert found(ILLICO_OFFER_SECONDS="") == []


def test_what_a_room_needs_and_illico_gives_is_not_asked_of_the_person():
    assert found() == []


def test_a_bad_environment_ends_the_start_with_one_line_each():
    with pytest.raises(BadEnvironmentError) as raised:
        variables.check({"ILLICO_X": "1", "ILLICO_HTTP_PORT": "x"})

    assert str(raised.value).count("\n") == 1
    assert raised.value.exit_code == 2
