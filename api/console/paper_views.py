"""How papers are shown: their words, and what is asked for and not signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from api.console.catalogues import N_
from api.console.mails import moment
from api.console.marks import Mark
from evaluation.papers import PaperState, Purpose
from store.queries.papers import asked_papers
from store.queries.status import cycle_stages

if TYPE_CHECKING:
    from collections.abc import Collection

    from api.console.visiting import Visitor
    from store.queries.health import View
    from store.queries.issued_papers import IssuedPaper
    from store.queries.papers import PaperLine

STATES: dict[PaperState, tuple[str, tuple[str, str]]] = {
    PaperState.DRAFT: (N_("Dự thảo"), ("ready", "file-text")),
    PaperState.NUMBERED: (N_("Đã lấy số, chờ ký"), ("warn", "signature")),
    PaperState.SIGNED: (N_("Đã ký, ban hành"), ("done", "circle-check")),
    PaperState.DISCARDED: (N_("Đã bỏ"), ("idle", "ban")),
}
PURPOSES: dict[Purpose, str] = {
    Purpose.URGING: N_("Công văn đôn đốc"),
    Purpose.LIST_TO_CHAIR: N_("Danh sách chậm trình Chủ tịch"),
    Purpose.CRITICISM: N_("Công văn phê bình"),
    Purpose.REPORT: N_("Báo cáo"),
    Purpose.CONCLUSIONS: N_("Thông báo kết luận kiểm tra"),
    Purpose.MINUTES: N_("Biên bản"),
    Purpose.RESULT_DECISION: N_("Quyết định phê duyệt, công bố kết quả"),
    Purpose.RESULT_SHEET: N_("Thông báo kết quả của đơn vị"),
    Purpose.SELF_ASSESSMENT: N_("Báo cáo tự đánh giá, chấm điểm"),
    Purpose.OTHER: N_("Văn bản khác"),
}


@dataclass(frozen=True, kw_only=True)
class PaperView:
    """A paper as a list shows it."""

    id: int
    number: str
    dated: date | None
    kind: str
    purpose: str
    issuer: str
    summary: str
    state: Mark
    at: str


@dataclass(frozen=True, kw_only=True)
class AskedView:
    """A paper that is to be signed."""

    duty: int
    paper: int | None
    purpose: str
    stage: str
    on: date
    obligations: int
    state: str


def paper_view(visitor: Visitor, line: PaperLine, *, zone: str) -> PaperView:
    """Return a paper as a list shows it."""
    words, (tone, drawing) = STATES[line.state]
    return PaperView(
        id=line.id,
        number=line.number_text,
        dated=line.dated,
        kind=line.kind.value,
        purpose=visitor.say(PURPOSES[line.purpose]),
        issuer=line.issuer_name,
        summary=line.summary,
        state=Mark(tone=tone, icon=drawing, words=visitor.say(words)),
        at=moment(visitor, line.at, zone=zone),
    )


@dataclass(frozen=True, kw_only=True)
class IssuedView:
    """A signed paper that a unit may open."""

    purpose: str
    number: str
    dated: date | None
    issuer: str
    summary: str
    href: str


def issued_view(visitor: Visitor, one: IssuedPaper) -> IssuedView:
    """Return an issued paper as its unit sees it."""
    paper = one.paper
    return IssuedView(
        purpose=visitor.say(PURPOSES[paper.purpose]),
        number=paper.number_text,
        dated=paper.dated,
        issuer=paper.issuer_name,
        summary=paper.summary,
        href=f"/api/v1/obligations/{one.obligation}/papers/{paper.id}/file",
    )


def asked_views(visitor: Visitor, connection: View, *, authority: int, cycles: Collection[int] | None = None) -> list[AskedView]:
    """Return what an authority is asked to sign."""
    asked = [one for one in asked_papers(connection, cycles=cycles) if one.authority == authority]
    stages = cycle_stages(connection, sorted({one.cycle for one in asked})) if asked else {}
    titles = {(cycle, stage): visitor.either(one.title, one.title_en) for (cycle, stage), one in stages.items()}
    return [
        AskedView(
            duty=one.duty,
            paper=one.paper,
            purpose=visitor.say(PURPOSES[one.asked.purpose]),
            stage=titles.get((one.cycle, one.asked.stage), one.asked.stage),
            on=date.fromisoformat(one.asked.on),
            obligations=len(one.about or one.obligations),
            state=visitor.say(STATES[one.state][0]) if one.state is not None else visitor.say(N_("Đang soạn")),
        )
        for one in asked
    ]
