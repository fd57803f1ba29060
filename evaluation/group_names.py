"""Ranking groups as official papers name them: the database keeps their keys alone. The console's own table adds English."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Customary ranking groups by their keys; another group is called by its key.
GROUP_NAMES: Mapping[str, str] = {
    "": "Hội đồng, cơ quan chủ trì",
    "so": "Sở, ban, ngành",
    "so-ban-nganh": "Sở, ban, ngành",
    "ubnd-huyen": "UBND cấp huyện",
    "ubnd-xa": "UBND cấp xã",
    "ubnd-phuong": "UBND phường",
    "xa": "UBND xã, phường",
    "phong-ban": "Phòng, ban, đơn vị",
    "nganh-doc": "Cơ quan ngành dọc",
}
