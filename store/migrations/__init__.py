"""The database's versions (Alembic): each a file that is never changed once released."""
