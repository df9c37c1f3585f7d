"""What the tests of several rooms stand on."""

from tests.integration.postgresql import (
    postgresql,
    postgresql_server,
    postgresql_url,
)

__all__ = ["postgresql", "postgresql_server", "postgresql_url"]
