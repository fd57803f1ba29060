"""Improvement: weak criteria of last year, who answers for each, what is done about it."""
