"""What the environment may say to a signaling process about its proxies."""

import pytest
from pydantic import ValidationError

from signaling.settings import Settings

SECRETS = {"ILLICO_RELAY_SECRET": "r" * 32, "ILLICO_TICKET_SECRET": "t" * 32}


def test_no_proxy_is_trusted_unasked():
    settings = Settings.model_validate(SECRETS)

    assert settings.proxies.networks == ()


def test_proxies_are_networks_and_never_everybody():
    for words in ("proxy.example", "0.0.0.0/0"):
        with pytest.raises(ValidationError, match="ILLICO_TRUSTED_PROXIES"):
            Settings.model_validate({**SECRETS, "ILLICO_TRUSTED_PROXIES": words})
