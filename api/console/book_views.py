"""What became of a book of sheets, as the page of its job shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.console.catalogues import N_
from store.commands.scores.books import Take

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.console.visiting import Visitor

SAID = {
    Take.LOOK: N_("Xem trước, chưa ghi gì"),
    Take.ALL: N_("Ghi tất cả"),
    Take.FAULTLESS: N_("Chỉ ghi các đơn vị không có lỗi"),
}


@dataclass(frozen=True, kw_only=True)
class BookView:
    """What became of a book."""

    cycle: int
    written: bool
    looked: bool  #: it was only looked at
    units: tuple[Mapping[str, Any], ...]  #: that are changed or refused
    rows: int  #: of the workbook

    @property
    def changed(self) -> int:
        """Leaves that are, or would be, changed."""
        return sum(one["changed"] for one in self.units)

    @property
    def refused(self) -> int:
        """Units of which nothing is taken."""
        return sum(one["refused"] > 0 for one in self.units)


def book_view(visitor: Visitor, script: Mapping[str, Any], result: Mapping[str, Any]) -> BookView:
    """Return what became of a book, its faults in the reader's language."""
    units = tuple(
        {**one, "faults": [(cell, visitor.either(vi, en)) for cell, vi, en in one["faults"]]}
        for one in result["units"]
        if one["changed"] or one["refused"]
    )
    looked, rows = script["take"] == Take.LOOK.value, sum(one["rows"] for one in result["units"])
    return BookView(cycle=script["cycle"], written=result["written"], looked=looked, units=units, rows=rows)
