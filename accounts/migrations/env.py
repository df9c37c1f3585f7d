"""What Alembic runs: the steps, in the transaction that `database` has opened.

`database` holds a lock around it, so that of several processes that start at once
one migrates and the others find the work done.
"""

from alembic import context

from accounts.migrate import VERSION_TABLE
from accounts.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
