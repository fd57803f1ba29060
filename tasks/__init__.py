"""Thin, idempotent Prefect tasks: one step each."""
