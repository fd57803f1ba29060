"""What a changed plan may not drop: the stages of a running year, and the ladders on which what is owed stands or will stand again."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from evaluation.obligations import FINAL
from store.lives import read_obligations
from store.schema import OBLIGATION
from store.years import UPKEEP

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection

    from evaluation.obligations import Obligation
    from evaluation.plans import Plan
    from store.years import Year

MOST_NAMED = 5
_FINAL = [state.value for state in FINAL]


def dropped(connection: Connection, year: Year, *, plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield what the changed plan drops though the year needs it, and what to do, in Vietnamese and English."""
    yield from _stages(connection, year, plan=plan)
    yield from _ladders(connection, year, plan=plan)


def _stages(connection: Connection, year: Year, *, plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield the stages that are gone; also one whose obligations are all done stays, because their past is told by its line."""
    kept = {stage.key for stage in plan.stages} | {UPKEEP}
    gone = {ref.id: ref.key for ref in year.stages.values() if ref.key not in kept}
    if not gone:
        return
    every = _count(connection, OBLIGATION.c.stage_id.in_(gone))
    owed = _count(connection, OBLIGATION.c.stage_id.in_(gone) & OBLIGATION.c.state.not_in(_FINAL))
    for ident, key in gone.items():
        has, still = every.get(ident, 0), owed.get(ident, 0)
        vi = f"kế hoạch đã sửa thiếu công đoạn “{key}”, mà năm này có {has} nghĩa vụ, {still} còn phải làm; "
        en = f"the changed plan lacks the stage “{key}”, which {has} obligation(s) of this year have, {still} of them still owed; "
        todo_vi, todo_en = "giữ dòng ấy lại, miễn những gì không còn phải làm", "keep its line, and waive what is no longer owed"
        yield f"{vi}{todo_vi} (`dondoc waive`)", f"{en}{todo_en} (`dondoc waive`)"


def _count(connection: Connection, where: ColumnElement[bool]) -> dict[int, int]:
    query = select(OBLIGATION.c.stage_id, func.count()).where(where).group_by(OBLIGATION.c.stage_id)
    return dict(connection.execute(query).tuples().all())


def _ladders(connection: Connection, year: Year, *, plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield the ladders that are gone though something owed stands on them."""
    if not year.plan.ladders.keys() - plan.ladders.keys():
        return
    users: dict[str, list[int]] = defaultdict(list)
    live = (OBLIGATION.c.cycle_id == year.cycle) & OBLIGATION.c.state.not_in(_FINAL)
    for obligation in read_obligations(connection, live, history=True):
        for ladder in wanted_ladders(obligation) - plan.ladders.keys():
            users[ladder].append(obligation.id)
    for ladder, ids in sorted(users.items()):
        vi = f"kế hoạch đã sửa thiếu thang nhắc “{ladder}”, mà {len(ids)} nghĩa vụ đang dùng ({_named(ids)}); "
        en = f"the changed plan lacks the ladder “{ladder}”, on which {len(ids)} obligation(s) stand ({_named(ids)}); "
        todo_vi = "giữ tên ấy lại: từng bậc được đổi, và dòng mới được dùng tên khác"
        yield vi + todo_vi, en + "keep the ladder under this name: its rungs may change, and lines that are new may name another"


def wanted_ladders(obligation: Obligation) -> set[str]:
    """Return the ladders on which an obligation's rungs stand, or will stand again once it is taken back or its clock goes on."""
    term = obligation.term
    return {term.ladder, obligation.party_term.ladder, term.held.ladder if term.held else ""} - {""}


def _named(ids: Sequence[int]) -> str:
    return ", ".join(map(str, ids[:MOST_NAMED])) + (" …" if len(ids) > MOST_NAMED else "")
