"""Ranking groups by name, in Vietnamese and English: the database keeps their keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Customary ranking groups by their keys; another group is called by its key.
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
