"""Queries: what can be read, without a lock and without a change."""
