"""Ranking groups in words: the database keeps their keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.console.catalogues import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.console.visiting import Visitor

#: Customary ranking groups by their keys, which are all that is kept of them; another group is called by its key.
GROUPS: Mapping[str, str] = {
    "": N_("Hội đồng, cơ quan chủ trì"),
    "so": N_("Sở, ban, ngành"),
    "so-ban-nganh": N_("Sở, ban, ngành"),
    "ubnd-huyen": N_("UBND cấp huyện"),
    "ubnd-xa": N_("UBND cấp xã"),
    "ubnd-phuong": N_("UBND phường"),
    "xa": N_("UBND xã, phường"),
    "phong-ban": N_("Phòng, ban, đơn vị"),
    "nganh-doc": N_("Cơ quan ngành dọc"),
}
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
    return visitor.say(GROUPS[key]) if key in GROUPS else key
