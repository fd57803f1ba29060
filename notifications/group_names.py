"""Ranking groups in words: the database keeps their keys alone."""

from __future__ import annotations

from evaluation.group_names import GROUP_NAMES
from notifications.letters import Language
from notifications.phrases import pick


def group_name(key: str, *, language: Language) -> str:
    """Return what a ranking group is called; its key where it is none of the customary ones."""
    return pick(GROUP_NAMES[key], language=language) if key in GROUP_NAMES else key


def units_of_group(units: int, key: str, *, language: Language) -> str:
    """Return `7 đơn vị của khối Sở, ban, ngành`, `7 of Departments`."""
    name = group_name(key, language=language)
    return f"{units} đơn vị của khối {name}" if language is Language.VI else f"{units} unit{'' if units == 1 else 's'} of {name}"
