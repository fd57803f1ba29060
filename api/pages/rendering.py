"""Rendering: Jinja2 in its sandbox, everything escaped, a name that does not exist is an error."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from api.pages.words import WORDS
from notifications.letters import Language
from notifications.phrases import pick

TEMPLATES = Path(__file__).with_name("templates")


@lru_cache
def environment() -> ImmutableSandboxedEnvironment:
    """Return the environment of every page."""
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def render_page(template: str, *, language: Language, **facts: object) -> str:
    """Return a page in one language."""
    words = {name: pick(pair, language=language) for name, pair in WORDS.items()}
    suffix = "" if language is Language.VI else f"?lang={language.value}"
    return environment().get_template(template).render(lang=language.value, suffix=suffix, words=words, **facts)
