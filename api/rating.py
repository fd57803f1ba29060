"""The workbook for the rating of heads and of the officers who advise: the results of their units beside them (domain §2.4, §13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.result_tables import rating_workbook
from evaluation.kinds import Role
from evaluation.scores.numbers import displayed
from store.queries.editions import rated_people
from store.queries.results import read_results
from store.rights import authority_today

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from store.queries.health import View
    from store.queries.results import CycleResults
    from store.session import Store

_HEAD = ("Nhóm", "Khóa đơn vị", "Đơn vị", "Họ và tên", "Chỉ số (%)", "Điểm", "Điểm tối đa", "Xếp hạng", "Số đơn vị", "Xếp loại")
_MORE = ("Chỉ số năm trước (%)", "Tăng, giảm (%)", "Ghi chú")
#: Sheet, role.
_SHEETS = (("Người đứng đầu", Role.HEAD), ("Công chức tham mưu", Role.OFFICER))


def rating_of(store: Store, connection: View, cycle: int, *, authority: int, now: datetime) -> bytes:
    """Return the workbook of a cycle as its results stand; a line of a result that is not settled says so. ScoreError, NoSuchCycleError."""
    found = read_results(store, connection, cycle, now=now)
    people = rated_people(connection, authority, on=authority_today(connection, authority, now=now))
    names = {(one.unit, role): [] for one in people for role in (Role.HEAD, Role.OFFICER)}  # type: dict[tuple[str, Role], list[str]]
    for one in people:
        names[one.unit, one.role].append(one.name)
    fields = list(found.field_titles)
    heads = (*_HEAD, *(f"{node} {found.field_titles[node]} (%)" for node in fields), *_MORE)
    return rating_workbook({title: (heads, _lines(found, names, role=role, fields=fields)) for title, role in _SHEETS})


def _lines(found: CycleResults, names: dict[tuple[str, Role], list[str]], *, role: Role, fields: Sequence[str]) -> list[list[object]]:
    lines: list[list[object]] = []
    shown = found.rules.ranking.decimals
    for table in found.tables:
        for line in table.lines:
            one = found.units[line.contender.unit]
            per_cent = [one.totals.fields.get(node) for node in fields]
            compared = next(iter(found.compared(one.unit.key)), None)
            before = None if compared is None or compared.before is None else displayed(compared.before.index, shown)
            change = None if compared is None or compared.index is None else displayed(compared.index, shown)
            lines.append(
                [
                    table.group,
                    one.unit.key,
                    one.unit.name,
                    "; ".join(names.get((one.unit.key, role), ())),
                    displayed(one.totals.index, shown) if one.scored else None,
                    displayed(one.totals.points, shown) if one.scored else None,
                    one.totals.maximum,
                    line.place,
                    line.of,
                    line.band if one.scored else None,
                    *(None if value is None else displayed(value, shown) for value in per_cent),
                    before,
                    change,
                    "" if one.is_settled else "tạm tính",
                ]
            )
    return lines
