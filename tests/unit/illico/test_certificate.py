from datetime import UTC, datetime, timedelta

from cryptography import x509

from illico import certificate
from illico.certificate import RENEWED_BEFORE, VALID, names_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NAMES = names_of("desk", ["192.0.2.7", "2001:db8::7"])


def made(names=NAMES, now=NOW):
    return certificate.make(names, now)[0]


def test_it_speaks_for_this_machine_by_every_name():
    read = x509.load_pem_x509_certificate(made())
    names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    assert set(names.get_values_for_type(x509.DNSName)) == {
        "localhost",
        "desk",
        "desk.local",
    }
    assert {str(each) for each in names.get_values_for_type(x509.IPAddress)} == {
        "127.0.0.1",
        "192.0.2.7",
        "2001:db8::7",
    }


def test_a_fresh_one_is_good():
    assert certificate.is_good(made(), NAMES, NOW)


def test_a_changed_address_asks_for_a_new_one():
    assert not certificate.is_good(made(), names_of("desk", ["192.0.2.8"]), NOW)


def test_it_is_renewed_a_month_before_its_end():
    last_good = NOW + VALID - RENEWED_BEFORE - timedelta(seconds=1)

    assert certificate.is_good(made(), NAMES, last_good)
    assert not certificate.is_good(made(), NAMES, last_good + timedelta(seconds=1))


def test_what_is_no_certificate_is_not_good():
    assert not certificate.is_good(b"", NAMES, NOW)
    assert not certificate.is_good(b"-----BEGIN", NAMES, NOW)


def test_a_host_name_that_no_certificate_can_hold_is_left_out():
    assert names_of("büro", []).hosts == {"localhost"}
    assert names_of("", []).hosts == {"localhost"}
