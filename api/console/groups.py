"""Ranking groups in words, on pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifications.group_names import group_name

if TYPE_CHECKING:
    from api.console.visiting import Visitor


def group_said(visitor: Visitor, key: str) -> str:
    """Return what a ranking group is called; its key where it is none of the customary ones."""
    return group_name(key, language=visitor.language)
