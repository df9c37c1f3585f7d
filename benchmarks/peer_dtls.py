"""DTLS as a browser does it, and the SRTP keys that come of it; no socket, no clock."""

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL
from pylibsrtp import Policy, Session

DTLS_1_2: Final = 0xFEFD
MTU: Final = 1200
REPLAY_WINDOW: Final = 1024
CIPHERS: Final = b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384"
LABEL: Final = b"EXTRACTOR-dtls_srtp"


@dataclass(frozen=True, slots=True)
class Profile:
    """How SRTP encrypts; the name is OpenSSL's."""

    name: str
    number: int
    key: int
    salt: int


PROFILES: Final = {
    p.name: p
    for p in (
        Profile("SRTP_AEAD_AES_256_GCM", Policy.SRTP_PROFILE_AEAD_AES_256_GCM, 32, 12),
        Profile("SRTP_AEAD_AES_128_GCM", Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12),
        Profile(
            "SRTP_AES128_CM_SHA1_80", Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14
        ),
    )
}


class Identity:
    """A certificate of one's own, as each browser makes one for itself."""

    def __init__(self) -> None:
        self.key: Final = ec.generate_private_key(ec.SECP256R1())
        self.certificate: Final = _signed(self.key)
        self.fingerprint: Final = fingerprint_of(self.certificate)


def fingerprint_of(certificate: x509.Certificate) -> str:
    """Write a certificate's SHA-256 as SDP does."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "WebRTC")])
    now, day = dt.datetime.now(dt.UTC), dt.timedelta(days=1)
    unsigned = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(secrets.randbits(64))
        .not_valid_before(now - day)
        .not_valid_after(now + 30 * day)
    )
    return unsigned.sign(key, hashes.SHA256())


@dataclass(frozen=True, slots=True)
class Keys:
    """What a handshake has agreed on."""

    profile: str
    receive: Session = field(repr=False)
    send: Session = field(repr=False)


class Handshake:
    """One side of a DTLS connection, fed with datagrams.

    ``send`` takes what must go out. ``fingerprint`` is the other side's by its SDP; it
    must be set before the handshake ends.
    """

    def __init__(
        self,
        identity: Identity,
        send: Callable[[bytes], None],
        *,
        as_client: bool,
        profiles: tuple[str, ...] = tuple(PROFILES),
    ) -> None:
        self.keys: Keys | None = None
        self.is_over = False
        self.fingerprint = ""
        self.own_fingerprint: Final = identity.fingerprint
        self.on_send = send
        self._as_client = as_client
        self._connection = SSL.Connection(_context(identity, profiles))
        if as_client:
            self._connection.set_connect_state()
        else:
            self._connection.set_accept_state()
        self._connection.set_ciphertext_mtu(MTU)

    def begin(self) -> None:
        """Say the first word, or wait for it."""
        self._go_on()

    def take(self, data: bytes) -> None:
        """Take a datagram of DTLS."""
        self._connection.bio_write(data)
        if self.keys is None:
            self._go_on()
        else:
            self._listen()

    def tick(self) -> None:
        """Say again what was lost; call it some twenty times a second."""
        if self.keys is None and not self.is_over:
            self._connection.DTLSv1_handle_timeout()
            self._flush()

    def say_goodbye(self) -> None:
        """Tell the other side that this one leaves."""
        if self.keys is not None and not self.is_over:
            self.is_over = True
            self._connection.shutdown()
            self._flush()

    def _go_on(self) -> None:
        try:
            self._connection.do_handshake()
        except SSL.WantReadError:
            self._flush()
            return
        except SSL.Error:
            self._flush()
            self.is_over = True
            return
        self._flush()
        certificate = self._connection.get_peer_certificate(as_cryptography=True)
        if certificate is None or fingerprint_of(certificate) != self.fingerprint:
            self.is_over = True
            return
        self.keys = self._agreed()

    def _listen(self) -> None:
        try:
            self._connection.recv(MTU)
        except SSL.WantReadError:
            return
        except SSL.Error:
            self.is_over = True

    def _flush(self) -> None:
        while True:
            try:
                written = self._connection.bio_read(1 << 16)
            except SSL.WantReadError:
                return
            for datagram in datagrams(written):
                self.on_send(datagram)

    def _agreed(self) -> Keys:
        profile = PROFILES[self._connection.get_selected_srtp_profile().decode()]
        secret = self._connection.export_keying_material(
            LABEL, 2 * (profile.key + profile.salt)
        )
        both = [
            secret[n * profile.key :][: profile.key]
            + secret[2 * profile.key + n * profile.salt :][: profile.salt]
            for n in (0, 1)
        ]
        own, other = both if self._as_client else reversed(both)
        return Keys(
            profile.name,
            receive=_session(other, profile, Policy.SSRC_ANY_INBOUND),
            send=_session(own, profile, Policy.SSRC_ANY_OUTBOUND),
        )


def datagrams(records: bytes) -> list[bytes]:
    """Put whole records into datagrams that any path carries."""
    found: list[bytes] = []
    at = 0
    while at < len(records):
        end = at + 13 + int.from_bytes(records[at + 11 : at + 13])
        record = records[at:end]
        if found and len(found[-1]) + len(record) <= MTU:
            found[-1] += record
        else:
            found.append(record)
        at = end
    return found


def _context(identity: Identity, profiles: tuple[str, ...]) -> SSL.Context:
    context = SSL.Context(SSL.DTLS_METHOD)
    context.set_options(SSL.OP_NO_QUERY_MTU)
    context.set_max_proto_version(DTLS_1_2)
    context.set_verify(
        SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True
    )
    context.use_certificate(identity.certificate)
    context.use_privatekey(identity.key)
    context.set_cipher_list(CIPHERS)
    context.set_tlsext_use_srtp(":".join(profiles).encode())
    return context


def _session(key: bytes, profile: Profile, direction: int) -> Session:
    policy = Policy(key=key, ssrc_type=direction, srtp_profile=profile.number)
    policy.allow_repeat_tx = True
    policy.window_size = REPLAY_WINDOW
    return Session(policy)
