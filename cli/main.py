"""`dondoc`: one command per thing a person does; docs/cli.md describes each. A command is imported when it is called."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cli.lazy import LazyGroup, Place, interrupted

_MOVES = (
    "prepare",
    "send-back",
    "submit",
    "withdraw",
    "accept",
    "return",
    "ask-extension",
    "extend",
    "refuse-extension",
    "suspend",
    "resume-clock",
    "waive",
    "transfer",
    "reopen",
    "urge",
)
_CYCLE_MOVES = ("pause", "resume", "close", "cancel")
_RUNNING = ("rehearse", "tick", "deliver", "engine", "web", "up", "demo")

COMMANDS: dict[str, Place] = {
    "plans": "cli.plans:plans",
    "check": "cli.plans:check",
    "deadlines": "cli.plans:deadlines",
    "rehearse": "cli.running:rehearse",
    "authority": ("Cơ quan điều hành: tạo, liệt kê. / Authorities.", {"create": "cli.authority:create", "list": "cli.authority:show"}),
    "admin": (
        "Tài khoản: người quản trị, lời mời, khóa, xác thực hai bước. / Accounts.",
        {
            "create": "cli.admin:create",
            "invite": "cli.admin:invite",
            "list": "cli.admin:show",
            "disable": "cli.admin:disable",
            "enable": "cli.admin:enable",
            "second-factor": "cli.admin:second_factor",
            "reset-second-factor": "cli.admin:reset_second_factor",
        },
    ),
    "units": (
        "Đơn vị, tổ chức, cá nhân của một cơ quan. / Units, bodies and persons.",
        {
            "import": "cli.units:take_in",
            "list": "cli.units:show",
            "add": "cli.units:add",
            "drop": "cli.units:drop",
            "superior": "cli.units:superior",
            "successors": "cli.units:successors",
        },
    ),
    "contacts": (
        "Đầu mối: nhận từ tệp, thêm, thôi giữ, thay, ủy quyền, địa chỉ. / Contacts.",
        {
            "import": "cli.units:take_in",
            "list": "cli.contacts:show",
            "add": "cli.contacts:add",
            "drop": "cli.contacts:drop",
            "replace": "cli.contacts:replace",
            "deputy": "cli.contacts:deputy",
            "address": "cli.contacts:address",
        },
    ),
    "calendar": (
        "Lịch ngày làm việc: xem, nhập, kiểm tra tệp. / The working calendar.",
        {"show": "cli.working_days:show", "import": "cli.working_days:take_in", "check": "cli.working_days:check"},
    ),
    "criteria": (
        "Bộ tiêu chí: nhập, xuất, xem, kiểm tra, sao chép, so sánh, đính chính, chủ trì, ghim. / Criteria sets.",
        {
            "import": "cli.criteria:take_in",
            "correct": "cli.criteria:correct",
            "copy": "cli.criteria:copy",
            "lead": "cli.criteria:lead",
            "pin": "cli.criteria:pin",
            "list": "cli.criteria_reading:show_all",
            "show": "cli.criteria_reading:show",
            "export": "cli.criteria_reading:export",
            "check": "cli.criteria_reading:check",
            "diff": "cli.criteria_reading:diff",
        },
    ),
    "launch": "cli.cycles:launch",
    "replan": "cli.replanning:replan",
    **{name: f"cli.cycles:{name}" for name in _CYCLE_MOVES},
    "ask": "cli.asking:ask",
    "requests": "cli.asking:requests",
    "cancel-request": "cli.asking:cancel_request",
    "status": "cli.reading:status",
    "obligations": "cli.reading:obligations",
    **{name: f"cli.moves:{name.replace('-', '_')}" for name in _MOVES if name != "return"},
    "return": "cli.moves:return_for_correction",
    "outbox": (
        "Hộp thư đi: liệt kê, xem, giữ, thả, gửi lại, tính là đã gửi. / The outbox.",
        {
            "list": "cli.outbox:show",
            "held": "cli.outbox:held",
            "show": "cli.letters:show",
            "sample": "cli.letters:sample",
            "hold": "cli.outbox:hold",
            "release": "cli.outbox:release",
            "resend": "cli.outbox:resend",
            "count-as-sent": "cli.outbox:count_as_sent",
        },
    ),
    "evidence": (
        "Tài liệu kiểm chứng: nộp, liệt kê, rút, còn thiếu. / Evidence.",
        {
            "attach": "cli.evidence:attach",
            "list": "cli.evidence:show",
            "withdraw": "cli.evidence:withdraw",
            "missing": "cli.evidence:missing",
        },
    ),
    "reports": (
        "Báo cáo định kỳ: xem, điền, tình hình một kỳ, soạn dự thảo. / Periodic reports.",
        {
            "show": "cli.reports:show",
            "fill": "cli.reports:fill",
            "period": "cli.reports:period",
            "draft": "cli.reports:draft",
            "check-form": "cli.reports:check_form",
        },
    ),
    "score": (
        "Phiếu chấm điểm: tự chấm, thẩm định, trả lại, giải trình, miễn chấm. / Sheets: self-assessment, appraisal, explanation.",
        {
            "show": "cli.scores_shown:show",
            "history": "cli.scores_shown:history",
            "appraisals": "cli.scores_shown:appraisals",
            "export": "cli.scores_shown:write_sheet",
            "import": "cli.scores:read_workbook",
            "fill": "cli.scores:fill",
            "appraise": "cli.scores:appraise",
            "confirm": "cli.scores:confirm",
            "claim": "cli.scores:claim",
            "release": "cli.scores:release",
            "return": "cli.scores:give_back",
            "ask": "cli.scores:ask",
            "explain": "cli.scores:explain",
            "rule": "cli.scores:rule",
            "exempt": "cli.scores_shown:exempt",
            "end-exemption": "cli.scores_shown:end_exemption",
            "exemptions": "cli.scores_shown:exemptions",
        },
    ),
    "papers": (
        "Sổ văn bản: liệt kê, xem, soạn, lấy số, ký, bỏ, ghi sổ, lấy tệp. / The document register.",
        {
            "list": "cli.papers:show_all",
            "show": "cli.papers:show",
            "draft": "cli.papers:draft",
            "redraft": "cli.papers:redraft",
            "number": "cli.papers:number",
            "sign": "cli.papers:sign",
            "discard": "cli.papers:discard",
            "register": "cli.papers:register",
            "file": "cli.papers:file",
        },
    ),
    "inspections": (
        "Kiểm tra: kế hoạch, bốc thăm, lịch, biên bản, kết luận; tồn tại: khắc phục, phúc tra, kết thúc. / Inspections and findings.",
        {
            "list": "cli.inspections:listed",
            "show": "cli.inspections:show",
            "draw": "cli.inspections:draw",
            "plan": "cli.inspections:plan",
            "schedule": "cli.inspections:schedule",
            "team": "cli.inspections:team",
            "minutes": "cli.inspections:minutes",
            "conclude": "cli.inspections:conclude",
            "findings": "cli.findings:findings",
            "remedy": "cli.findings:remedy",
            "reinspect": "cli.findings:reinspect",
            "reopen": "cli.findings:reopen",
            "close": "cli.findings:close",
        },
    ),
    "survey": (
        "Điều tra xã hội học: bộ câu hỏi, mẫu, mã phiếu, nhập phiếu, chốt số liệu. / The survey: questions, sample, ballots, closing.",
        {
            "show": "cli.survey:show",
            "questions": "cli.survey:questions",
            "sample": "cli.survey:sample",
            "codes": "cli.survey:codes",
            "papers": "cli.survey:papers",
            "ballot": "cli.survey:ballot",
            "import": "cli.survey:import_",
            "close": "cli.survey:close",
        },
    ),
    "council": (
        "Hội đồng: thành viên, phiên họp, biểu quyết, điểm chính thức, kiến nghị. / The council: members, sessions, votes.",
        {
            "show": "cli.council:show",
            "members": "cli.council:members",
            "session": "cli.council:session",
            "matter": "cli.council:matter",
            "vote": "cli.council:vote",
            "resolve": "cli.council:resolve",
            "minutes": "cli.council:minutes",
        },
    ),
    "improvement": (
        "Cải thiện Chỉ số: kết quả năm trước, tiêu chí điểm thấp, biện pháp, tiến độ. / Improving the index.",
        {
            "import": "cli.improvement:take_in",
            "list": "cli.improvement:listed",
            "measure": "cli.improvement:measure",
            "progress": "cli.improvement:progress",
        },
    ),
    "reassign": "cli.unit_work:reassign",
    "extend-many": "cli.unit_work:extend_many",
    "urge-many": "cli.unit_work:urge_many",
    "rights": "cli.rights:rights",
    "journal": "cli.entries:journal",
    "why": "cli.reasons:why",
    "jobs": "cli.jobs:jobs",
    "verify": "cli.keeping:verify",
    "backup": "cli.keeping:backup",
    "restore": "cli.keeping:restore",
    "migrate": "cli.keeping:migrate",
    **{name: f"cli.running:{name}" for name in _RUNNING if name != "rehearse"},
}


class Dondoc(LazyGroup):
    """The commands of `dondoc`."""

    places = COMMANDS


app = typer.Typer(cls=Dondoc, name="dondoc", no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)


def _show_version(wanted: bool) -> None:  # noqa: FBT001  Typer's callbacks take the value alone
    if wanted:
        from importlib.metadata import version

        typer.echo(f"dondoc {version('dondoc')}")
        raise typer.Exit


@app.callback()
def dondoc(
    lang: Annotated[str, typer.Option(help="Ngôn ngữ, đặt ở đâu trên dòng lệnh cũng được / language, anywhere: vi, en")] = "vi",
    *,
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Phiên bản / version")] = False,
) -> None:
    """Đôn đốc: ai phải nộp gì, khi nào, đến lượt ai. / Who owes what by when, and whose turn it is."""


def main() -> None:
    """Run `dondoc`."""
    try:
        app()
    except KeyboardInterrupt:  # before the command line is read, or after all is said
        sys.exit(interrupted())


if __name__ == "__main__":
    main()
