"""What the tests of several rooms stand on."""

from tests.integration.postgresql import postgresql_server, postgresql_url

__all__ = ["postgresql_server", "postgresql_url"]
