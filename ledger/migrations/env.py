"""What Alembic runs: every step in the transaction that `ledger.database` opened."""

from alembic import context

from ledger import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.metadata,
    version_table=tables.VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
