"""Rendering: Jinja2 in its sandbox, everything escaped, a name that does not exist is an error, a word without English too."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from api.console.catalogues import translations
from api.console.icons import icon, symbol
from api.console.static_files import address
from notifications.group_names import group_name
from notifications.wording import full_date, period_name

if TYPE_CHECKING:
    from notifications.letters import Language

TEMPLATES = Path(__file__).with_name("templates")


@lru_cache
def environment(language: Language) -> ImmutableSandboxedEnvironment:
    """Return the environment of the pages in a language."""
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    said = translations(language)
    vars(made)["install_gettext_callables"](said.gettext, said.ngettext, newstyle=True)  # the extension adds it
    made.policies["ext.i18n.trimmed"] = True
    made.filters.update(
        long_date=lambda on: "–" if on is None else full_date(on, language=language),
        group_said=lambda key: group_name(key, language=language),
        period=lambda one: "" if one is None else period_name(one, language=language),
    )
    made.globals.update(icon=icon, symbol=symbol, static=address, lang=language.value)
    return made


def render(template: str, *, language: Language, **facts: object) -> str:
    """Return a page, or a part of one, in a language."""
    return environment(language).get_template(template).render(facts)
