"""Ranking groups in words, on pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.console.catalogues import N_
from notifications.group_names import group_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.console.visiting import Visitor

#: Levels of government and of bodies, by the words of the roster's file.
LEVELS: Mapping[str, str] = {
    "province": N_("cấp tỉnh"),
    "district": N_("cấp huyện"),
    "commune": N_("cấp xã"),
    "department": N_("sở, ban, ngành"),
    "division": N_("phòng, ban"),
    "vertical": N_("cơ quan ngành dọc"),
    "body": N_("hội đồng, ban, tổ"),
}


def level_said(visitor: Visitor, key: str) -> str:
    """Return what a level is called; its key where it is none of the known ones."""
    return visitor.say(LEVELS[key]) if key in LEVELS else key


def group_said(visitor: Visitor, key: str) -> str:
    """Return what a ranking group is called; its key where it is none of the customary ones."""
    return group_name(key, language=visitor.language)
