"""Refusals that people read in their own language: what is wrong, where, what to do."""

from __future__ import annotations


class RefusalError(Exception):
    """Something is refused; the words stand in Vietnamese and in English."""

    def __init__(self, vi: str, en: str, *, field: str = "") -> None:
        """Keep both languages, and which of the things that were given is at fault; empty: none alone."""
        self.vi, self.en, self.field = vi, en, field
        super().__init__(en)

    def text(self, language: str) -> str:
        """Return the words, in Vietnamese or English."""
        return self.vi if language == "vi" else self.en
