"""What the environment may say to the ledger's process."""

import pytest
from pydantic import ValidationError

from ledger.settings import Settings


def test_one_machine_needs_no_setting():
    settings = Settings.model_validate({})

    assert (settings.portal_host, settings.portal_port) == ("127.0.0.1", 8601)
    assert settings.portal_url == "http://localhost:8601"


def test_all_errors_are_told_at_once():
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate(
            {
                "ILLICO_PORTAL_PORT": "many",
                "ILLICO_PORTAL_URL": "localhost",
                "ILLICO_QUEUE_POOL": "FR!",
            },
        )

    assert caught.value.error_count() == 3


def test_a_certificate_needs_its_key():
    with pytest.raises(ValidationError, match="ILLICO_TLS_KEY"):
        Settings.model_validate({"ILLICO_TLS_CERTIFICATE": "cert.pem"})


def test_proxies_are_networks_and_never_everybody():
    assert Settings.model_validate({}).proxies.networks == ()
    for words in ("proxy.example", "::/0"):
        with pytest.raises(ValidationError, match="ILLICO_TRUSTED_PROXIES"):
            Settings.model_validate({"ILLICO_TRUSTED_PROXIES": words})
