"""What can be done with an inspection and its findings, as forms; each runs the function of the API's own address for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from api.console.catalogues import N_
from api.console.deed import Blank, Deed
from api.routes import inspections
from api.wire.inspections import ConclusionsIn, LookIn, MinutesIn, RemedyIn, ReopenIn, ScheduleIn, TeamIn
from api.wire.work import ReasonIn
from evaluation.rights_table import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.responses import Response

    from api.changing.doing import Doing


def _as_given(fields: dict[str, Any]) -> dict[str, Any]:
    return fields


def _found(text: str) -> list[dict[str, Any]]:
    """Return the findings that a field holds, one a line: what was found | legal basis | days | criterion."""
    found = []
    for line in filter(str.strip, text.splitlines()):
        what, basis, days, criterion = (*(part.strip() for part in line.split("|")), "", "", "")[:4]
        found.append({"text": what, "basis": basis, "criterion": criterion, "days": days or None})
    return found


def _conclusions(fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "findings": _found(fields.get("findings", ""))}


def _look(fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "added": _found(fields.get("added", ""))}


def _team(fields: dict[str, Any]) -> dict[str, Any]:
    lead = fields.get("lead", "").strip()
    others = [key for key in fields.get("members", "").split() if key != lead]
    return {"members": [{"contact": lead, "is_lead": True}, *({"contact": key} for key in others)]}


@dataclass(frozen=True, kw_only=True)
class InspectionDeed(Deed):
    """Something that can be done with an inspection, or with one of its findings."""

    key: str
    of_finding: bool = False
    on_remedy: bool = False  #: asked of the remedy's obligation
    shape: Callable[[dict[str, Any]], dict[str, Any]] = field(default=_as_given)

    def run_on(self, doing: Doing, given: Mapping[str, Any], *, finding: str = "") -> Response:
        """Do it, on a finding of that number where it is about one; the errors are those of the API's address."""
        assert self.asked is not None  # noqa: S101  every row below asks for something
        asked = self.asked.model_validate(self.shape(dict(given)))
        return self.act(finding, asked, doing) if self.of_finding else self.act(asked, doing)


_DAYS = Blank(name="days", label=N_("Thời hạn khắc phục (số ngày; để trống: theo kế hoạch)"))
_SAID = Blank(name="text", label=N_("Nội dung"), kind="text")
SCHEDULE = InspectionDeed(
    key="schedule",
    action=Action.INSPECT,
    icon="calendar-due",
    words=N_("Định ngày kiểm tra"),
    button=N_("Ghi ngày"),
    act=inspections.schedule,
    asked=ScheduleIn,
    blanks=(Blank(name="day", label=N_("Ngày kiểm tra"), kind="date", required=True),),
    done=N_("Đã ghi ngày kiểm tra."),
)
TEAM = InspectionDeed(
    key="team",
    action=Action.INSPECT,
    icon="user",
    words=N_("Cử đoàn kiểm tra"),
    button=N_("Cử đoàn"),
    act=inspections.name_team,
    asked=TeamIn,
    shape=_team,
    blanks=(
        Blank(name="lead", label=N_("Trưởng đoàn"), kind="named", among="inspectors", required=True),
        Blank(name="members", label=N_("Thành viên"), kind="several", among="inspectors"),
    ),
    done=N_("Đã cử đoàn."),
)
MINUTES = InspectionDeed(
    key="minutes",
    action=Action.INSPECT,
    icon="notebook",
    words=N_("Ghi biên bản"),
    button=N_("Ghi biên bản"),
    act=inspections.write_minutes,
    asked=MinutesIn,
    blanks=(
        Blank(name="held_on", label=N_("Ngày đã kiểm tra"), kind="date", required=True),
        Blank(name="began", label=N_("Bắt đầu lúc (để trống: viết tay vào biên bản)"), kind="time"),
        Blank(name="ended", label=N_("Kết thúc lúc, cùng ngày"), kind="time"),
        Blank(name="number", label=N_("Số, ngày biên bản"), required=True, hint="05/BB-ĐKT ngày 15/04/2026"),
        _SAID,
    ),
    done=N_("Đã ghi biên bản."),
)
CONCLUDE = InspectionDeed(
    key="conclude",
    action=Action.CONCLUDE,
    icon="signature",
    words=N_("Kết luận kiểm tra"),
    button=N_("Ban hành kết luận"),
    act=inspections.conclude,
    asked=ConclusionsIn,
    shape=_conclusions,
    tone="primary",
    blanks=(
        Blank(name="on", label=N_("Ngày kết luận"), kind="date", required=True),
        Blank(name="number", label=N_("Số, ngày thông báo kết luận"), required=True, hint="12/TB-ĐKT ngày 20/04/2026"),
        _SAID,
        Blank(name="findings", label=N_("Tồn tại, mỗi dòng một việc: nội dung | căn cứ | số ngày | tiêu chí"), kind="text"),
    ),
    done=N_("Đã ban hành kết luận; đơn vị được giao khắc phục từng tồn tại."),
)
REMEDY = InspectionDeed(
    key="report-remedy",
    action=Action.SUBMIT,
    on_remedy=True,
    icon="send",
    words=N_("Báo cáo khắc phục"),
    button=N_("Gửi báo cáo"),
    act=inspections.report_remedy,
    asked=RemedyIn,
    tone="primary",
    blanks=(
        Blank(
            name="claim",
            label=N_("Mức khắc phục"),
            kind="choice",
            required=True,
            choices=(("done", N_("Đã khắc phục")), ("partly", N_("Khắc phục một phần")), ("not", N_("Chưa khắc phục"))),
        ),
        Blank(name="text", label=N_("Đã làm gì, còn gì"), kind="text", required=True),
        Blank(name="no_evidence", label=N_("Lý do không kèm tài liệu kiểm chứng, nếu không đính kèm tệp nào vào việc khắc phục")),
        Blank(name="document", label=N_("Số, ngày báo cáo"), hint="25/BC-UBND ngày 18/03/2026"),
    ),
    done=N_("Đã gửi báo cáo khắc phục."),
)
REINSPECT = InspectionDeed(
    key="reinspect",
    action=Action.REINSPECT,
    of_finding=True,
    icon="refresh",
    words=N_("Ghi kết quả phúc tra"),
    button=N_("Ghi kết quả"),
    act=inspections.reinspect,
    asked=LookIn,
    shape=_look,
    blanks=(
        Blank(
            name="outcome",
            label=N_("Kết quả"),
            kind="choice",
            required=True,
            choices=(("closed", N_("Đạt")), ("partly", N_("Chưa đạt, mới khắc phục một phần")), ("not", N_("Chưa đạt"))),
        ),
        Blank(name="text", label=N_("Đã xem gì"), kind="text", required=True),
        Blank(name="number", label=N_("Số, ngày biên bản"), hint="07/BB-ĐKT ngày 02/06/2026"),
        Blank(name="added", label=N_("Tồn tại phát hiện thêm, mỗi dòng một việc: nội dung | căn cứ | số ngày"), kind="text"),
    ),
    done=N_("Đã ghi kết quả phúc tra."),
)
REOPEN = InspectionDeed(
    key="reopen",
    action=Action.REINSPECT,
    of_finding=True,
    icon="lock-open",
    words=N_("Yêu cầu khắc phục tiếp"),
    button=N_("Yêu cầu khắc phục"),
    act=inspections.reopen_finding,
    asked=ReopenIn,
    blanks=(_DAYS,),
    done=N_("Đã yêu cầu khắc phục tiếp; lần trước giữ nguyên."),
)
CLOSE = InspectionDeed(
    key="close",
    action=Action.CLOSE_FINDING,
    of_finding=True,
    icon="circle-check",
    words=N_("Kết thúc tồn tại"),
    button=N_("Kết thúc"),
    act=inspections.close_finding,
    asked=ReasonIn,
    blanks=(
        Blank(name="reason", label=N_("Lý do"), kind="text", required=True),
        Blank(name="basis", label=N_("Theo văn bản (bắt buộc khi chưa phúc tra đạt)"), hint="CV 12/SNV ngày 01/04/2026"),
    ),
    done=N_("Đã kết thúc tồn tại."),
)
OF_INSPECTION = (SCHEDULE, TEAM, MINUTES, CONCLUDE)
OF_FINDING = (REMEDY, REINSPECT, REOPEN, CLOSE)
BY_KEY: Mapping[str, InspectionDeed] = {deed.key: deed for deed in (*OF_INSPECTION, *OF_FINDING)}
