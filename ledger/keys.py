"""The one file that knows Ed25519: the key that signs the daily heads, and its checks."""

from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from ledger.errors import KeyUnusableError
from ledger.heads import SignedEnd, end_words, key_id
from ledger.model import Head, KeyId


class SigningKey:
    """A private key; it signs, and tells nothing but its public half."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw()

    @classmethod
    def made(cls) -> Self:
        """Make a new one."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read one from a PEM file without a password.

        Raises:
            KeyUnusableError: there is no such file, or no Ed25519 key in it.
        """
        try:
            found = serialization.load_pem_private_key(file.read_bytes(), None)
        except (OSError, ValueError, TypeError) as error:
            why = getattr(error, "strerror", None) or "no PEM without a password"
            raise KeyUnusableError(file, why) from error
        if not isinstance(found, Ed25519PrivateKey):
            raise KeyUnusableError(file, "no Ed25519 key")
        return cls(found)

    @property
    def id(self) -> KeyId:
        """A short name of the public key."""
        return key_id(self.public)

    def pem(self) -> str:
        """Write the private key for a file that its owner alone may read."""
        return self._private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode("ascii")

    def sign(self, words: bytes) -> bytes:
        return self._private.sign(words)

    def sign_end(self, end: Head, at_us: int) -> SignedEnd:
        """Sign where a chain ends now."""
        return SignedEnd(end, at_us, self.id, self.sign(end_words(end, at_us, self.id)))


def is_signed(public: bytes, words: bytes, signature: bytes) -> bool:
    """Tell whether these words bear a signature of this key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, words)
    except (InvalidSignature, ValueError):
        return False
    return True
