"""In which language the command line speaks: Vietnamese, or English with `--lang en` anywhere on the line."""

from __future__ import annotations

from contextvars import ContextVar
from enum import StrEnum


class Language(StrEnum):
    """A language of the command line."""

    VI = "vi"
    EN = "en"


_spoken: ContextVar[Language] = ContextVar("dondoc_language", default=Language.VI)


def speak(language: Language) -> None:
    """Speak that language from here on."""
    _spoken.set(language)


def spoken() -> Language:
    """Return the language in force."""
    return _spoken.get()


def said(vi: str, en: str) -> str:
    """Return the words of the language in force."""
    return en if spoken() is Language.EN else vi


def without_language(arguments: list[str]) -> tuple[list[str], str | None]:
    """Return the arguments without `--lang X` or `--lang=X`, and X; None where there is none. What stands behind `--` is left alone."""
    left: list[str] = []
    found: str | None = None
    words = iter(arguments)
    for word in words:
        if word == "--":
            left += [word, *words]
        elif word == "--lang":
            found = next(words, "")
        elif word.startswith("--lang="):
            found = word.partition("=")[2]
        else:
            left.append(word)
    return left, found
