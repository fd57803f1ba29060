"""The JSON API: one module per thing that is asked for."""
