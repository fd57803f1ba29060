"""The only SQL: tables, session, queries, commands, journal, outbox, files and migrations."""
