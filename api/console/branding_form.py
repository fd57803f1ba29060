"""The form of an authority's head: its fields, and what stands in them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from api.console.catalogues import N_
from api.console.deed import Blank
from api.routes.branding import head_etag, logo_address
from evaluation.branding import MOST_BYTES

if TYPE_CHECKING:
    from api.console.deeds import Attempt
    from store.queries.branding import Head

BLANKS = (
    Blank(name="name", label=N_("Tên cơ quan"), required=True, hint="UBND tỉnh Quảng Nam"),
    Blank(name="name_en", label=N_("Tên tiếng Anh"), hint="People's Committee of Quảng Nam province"),
    Blank(name="short_name", label=N_("Tên ngắn trên đầu trang, nhiều nhất 24 chữ"), hint="CCHC Quảng Nam"),
    Blank(name="standing_line", label=N_("Dòng của cơ quan thường trực"), hint="Sở Nội vụ – cơ quan thường trực cải cách hành chính"),
    Blank(name="standing_line_en", label=N_("Dòng ấy bằng tiếng Anh"), hint="Department of Home Affairs – standing body"),
)


def head_facts(head: Head, *, attempt: Attempt | None) -> dict[str, Any]:
    """Return what the form shows: what was sent and could not be done, else what is so; where somebody was faster, what is so now."""
    given = asdict(head.words) | ({} if attempt is None or attempt.stale else dict(attempt.fields))
    return {
        "head": head,
        "head_blanks": BLANKS,
        "head_given": given,
        "head_attempt": attempt,
        "head_etag": head_etag(head),
        "head_logo": logo_address(head.logo),
        "logo_most": MOST_BYTES,
    }
