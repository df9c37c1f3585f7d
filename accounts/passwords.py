"""Passwords become Argon2 hashes, beside the event loop and as slow for everybody."""

import asyncio
import contextlib
import os
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Self, TypeVar

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from accounts.errors import TooManyTriesError
from accounts.naming import spell_password

MAX_WAITING: Final = 32
_WAIT_S: Final = 30
_MAX_TRIED: Final = 1024

_Result = TypeVar("_Result")


class Passwords:
    """As many threads as processors; who comes when too many wait is sent away."""

    def __init__(self, threads: ThreadPoolExecutor, max_waiting: int) -> None:
        self._threads = threads
        self._hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._dummy_hash = _hash_of_nothing(RFC_9106_LOW_MEMORY)
        self._max_waiting = max_waiting
        self._waiting = 0

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, *, max_waiting: int = MAX_WAITING) -> AsyncIterator[Self]:
        threads = ThreadPoolExecutor(os.cpu_count() or 1, "accounts-passwords")
        try:
            yield cls(threads, max_waiting)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)

    async def hash(self, password: str) -> str:
        """The hash to keep, of a password in its one spelling."""
        return await self._run(lambda: self._hasher.hash(_bytes(password)))

    async def verify(self, kept: str | None, tried: str) -> bool:
        """Whether it is the password; as slow when there is nobody (`kept` None).

        Raises:
            TooManyTriesError: too many are waiting already.
        """
        spelled = _bytes(tried[:_MAX_TRIED])
        right = await self._run(lambda: self._verify(kept or self._dummy_hash, spelled))
        return right and kept is not None and len(tried) <= _MAX_TRIED

    def is_outdated(self, kept: str) -> bool:
        """Whether it was made with other costs than today's."""
        return self._hasher.check_needs_rehash(kept)

    def _verify(self, kept: str, spelled: bytes) -> bool:
        try:
            return self._hasher.verify(kept, spelled)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], _Result]) -> _Result:
        if self._waiting >= self._max_waiting:
            raise TooManyTriesError(retry_after_s=5)
        self._waiting += 1
        try:
            async with asyncio.timeout(_WAIT_S):
                return await asyncio.get_running_loop().run_in_executor(
                    self._threads, work
                )
        except TimeoutError as error:
            raise TooManyTriesError(retry_after_s=5) from error
        finally:
            self._waiting -= 1


def _bytes(password: str) -> bytes:
    """In its one spelling; half a character, which JSON can carry, is no reason to fail."""
    return spell_password(password).encode("utf-8", "surrogatepass")


def _hash_of_nothing(cost: Parameters) -> str:
    """What no password is known for, and what takes as long to compare as any other."""
    salt, digest = (b64encode(bytes(size)).decode() for size in (16, cost.hash_len))
    return (
        f"$argon2id$v={cost.version}$m={cost.memory_cost},t={cost.time_cost},"
        f"p={cost.parallelism}${salt.rstrip('=')}${digest.rstrip('=')}"
    )
