"""Improvement: weak criteria taken in, measures planned and followed, leads asked about what they lead."""
