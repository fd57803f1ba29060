"""Alembic's environment: it works on the connection that `store.migrating` hands over; there is no ini file."""

from alembic import context

from store.schema import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, transactional_ddl=True, compare_server_default=True)
with context.begin_transaction():
    context.run_migrations()
