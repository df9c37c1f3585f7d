"""The keys that Python touches; all others are the function library's own."""

from dataclasses import dataclass

from queueing.model import ServerId


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one pool; one hash tag keeps them on one shard."""

    pool: str

    @property
    def tag(self) -> str:
        """What every key of the pool begins with, and the functions' only key."""
        return f"{{q:{self.pool}}}"

    @property
    def ledger(self) -> str:
        return f"{self.tag}:ledger"

    def outbox(self, server: ServerId) -> str:
        return f"{self.tag}:out:{server}"
