"""What the environment may say."""

import pytest
from pydantic import ValidationError

from accounts.settings import Settings


def test_a_session_lasts_12_hours_unless_the_operator_says_otherwise():
    settings = Settings.model_validate({"ILLICO_DATABASE_URL": "sqlite:////x.db"})

    assert settings.session_hours == 12


def test_all_wrong_settings_are_told_at_once():
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate(
            {"ILLICO_DATABASE_URL": "", "ILLICO_SESSION_HOURS": "0"}
        )

    assert {error["loc"][0] for error in refused.value.errors()} == {
        "ILLICO_DATABASE_URL",
        "ILLICO_SESSION_HOURS",
    }
