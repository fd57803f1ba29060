"""The JSON interface under /api/v1 and the web console, on the same commands."""
