"""Ranking groups in words: the database keeps their keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifications.letters import Language
from notifications.phrases import pick

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Customary ranking groups by their keys, which are all that is kept of them; another group is called by its key.
GROUP_NAMES: Mapping[str, tuple[str, str]] = {
    "": ("Hội đồng, cơ quan chủ trì", "Council and leading bodies"),
    "so": ("Sở, ban, ngành", "Departments"),
    "so-ban-nganh": ("Sở, ban, ngành", "Departments"),
    "ubnd-huyen": ("UBND cấp huyện", "District People’s Committees"),
    "ubnd-xa": ("UBND cấp xã", "Commune people's committees"),
    "ubnd-phuong": ("UBND phường", "Ward People’s Committees"),
    "xa": ("UBND xã, phường", "Commune and ward People’s Committees"),
    "phong-ban": ("Phòng, ban, đơn vị", "Divisions and units"),
    "nganh-doc": ("Cơ quan ngành dọc", "Vertical agencies"),
}


def group_name(key: str, *, language: Language) -> str:
    """Return what a ranking group is called; its key where it is none of the customary ones."""
    return pick(GROUP_NAMES[key], language=language) if key in GROUP_NAMES else key


def units_of_group(units: int, key: str, *, language: Language) -> str:
    """Return `7 đơn vị của khối Sở, ban, ngành`, `7 of Departments`."""
    name = group_name(key, language=language)
    return f"{units} đơn vị của khối {name}" if language is Language.VI else f"{units} unit{'' if units == 1 else 's'} of {name}"
