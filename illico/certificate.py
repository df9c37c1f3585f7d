"""HTTPS of one's own: a certificate for the names by which this machine is reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID: Final = timedelta(days=365)  # browsers refuse more than 398 days
RENEWED_BEFORE: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Names:
    """Host names and IP addresses that a certificate speaks for."""

    hosts: frozenset[str]
    addresses: frozenset[str]


def names_of(host: str, lan: Sequence[str]) -> Names:
    """Name this machine: to itself, by its name, and on its local networks."""
    own = {host, f"{host}.local"} if host and host.isascii() else set()
    return Names(frozenset({"localhost", *own}), frozenset({"127.0.0.1", *lan}))


def is_good(pem: bytes, names: Names, now: datetime) -> bool:
    """Tell whether a stored certificate names all of these, and lasts a while."""
    try:
        found = x509.load_pem_x509_certificate(pem)
        spoken = found.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (ValueError, x509.ExtensionNotFound):
        return False
    hosts = frozenset(spoken.value.get_values_for_type(x509.DNSName))
    addresses = frozenset(
        str(each) for each in spoken.value.get_values_for_type(x509.IPAddress)
    )
    lasts = (
        found.not_valid_before_utc <= now < found.not_valid_after_utc - RENEWED_BEFORE
    )
    return lasts and Names(hosts, addresses) == names


def make(names: Names, now: datetime) -> tuple[bytes, bytes]:
    """Make a certificate and its key, both PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _signed(names, now, key)
    return certificate.public_bytes(serialization.Encoding.PEM), key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _signed(
    names: Names,
    now: datetime,
    key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Illico")])
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # phones' clocks differ
        .not_valid_after(now + VALID)
        .add_extension(_alternatives(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=False)
        .sign(key, hashes.SHA256())
    )


def _alternatives(names: Names) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName(
        [
            *(x509.DNSName(host) for host in sorted(names.hosts)),
            *(x509.IPAddress(ip_address(each)) for each in sorted(names.addresses)),
        ],
    )
