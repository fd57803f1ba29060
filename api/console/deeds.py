"""
Deeds: what can be done with an obligation, as forms. Each sends what the API's own address for it takes, and runs that address's function.

A new verb is a row of `DEEDS`; no page changes for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from api.console.catalogues import N_
from api.console.deed import Blank, Deed
from api.routes import extensions, improvement, work
from api.wire.improvement import MeasureIn, ProgressIn
from api.wire.work import DueIn, PrepareIn, ReasonIn, ReassignIn, RemarkIn, ReturnIn, SubmitIn, TransferIn, UrgeIn, WishIn
from evaluation.rights_table import Action

if TYPE_CHECKING:
    from collections.abc import Mapping

_REASON = Blank(name="reason", label=N_("Lý do"), kind="text", required=True)
_WORDS = Blank(name="reason", label=N_("Ý kiến (không bắt buộc)"), kind="text")
_BASIS = Blank(name="basis", label=N_("Theo văn bản (số, ngày)"), hint="CV 12/SNV ngày 01/04/2026")
_TEXT = Blank(name="text", label=N_("Nội dung báo cáo"), kind="text", whole=True)
_DUE = Blank(name="due_on", label=N_("Hạn mới (hết ngày)"), kind="date", required=True)
DEEDS: tuple[Deed, ...] = (
    Deed(
        action=Action.PREPARE,
        icon="signature",
        words=N_("Trình lãnh đạo duyệt"),
        button=N_("Trình lãnh đạo"),
        act=work.prepare,
        asked=PrepareIn,
        blanks=(replace(_TEXT, label=N_("Nội dung báo cáo trình ký (không bắt buộc)")),),
        done=N_("Đã trình lãnh đạo."),
        tone="primary",
    ),
    Deed(
        action=Action.SUBMIT,
        icon="send",
        words=N_("Nộp"),
        button=N_("Nộp"),
        act=work.submit,
        asked=SubmitIn,
        tone="primary",
        done=N_("Đã nộp."),
        blanks=(
            _TEXT,
            Blank(name="document", label=N_("Số, ngày văn bản đã gửi"), hint="25/BC-UBND ngày 18/03/2026"),
            Blank(name="received_on", label=N_("Ngày nhận bản giấy (phải kèm số, ngày văn bản)"), kind="date", on_behalf=True),
        ),
    ),
    Deed(
        action=Action.PLAN_MEASURE,
        icon="checks",
        words=N_("Thêm biện pháp"),
        button=N_("Thêm biện pháp"),
        act=improvement.plan,
        asked=MeasureIn,
        blanks=(
            Blank(name="text", label=N_("Biện pháp"), kind="text", required=True),
            Blank(name="answers", label=N_("Người phụ trách")),
            Blank(name="due_on", label=N_("Hạn (để trống: hạn của kế hoạch)"), kind="date"),
            Blank(name="criterion", label=N_("Tiêu chí (chỉ trong kế hoạch của đơn vị)"), hint="2.1"),
        ),
        done=N_("Đã thêm biện pháp; biện pháp có hạn và được nhắc như mọi việc."),
    ),
    Deed(
        action=Action.REPORT_PROGRESS,
        icon="refresh",
        words=N_("Báo cáo tiến độ"),
        button=N_("Ghi tiến độ"),
        act=improvement.progress,
        asked=ProgressIn,
        blanks=(
            Blank(name="percent", label=N_("Đã làm được bao nhiêu phần trăm (0–100)"), required=True, hint="60"),
            Blank(name="remark", label=N_("Ghi chú"), kind="text"),
        ),
        done=N_("Đã ghi tiến độ; làm xong thì nộp kèm tài liệu kiểm chứng."),
    ),
    Deed(
        action=Action.SEND_BACK,
        icon="arrow-back-up",
        words=N_("Chưa duyệt, chuyển lại"),
        button=N_("Chuyển lại"),
        act=work.send_back,
        asked=ReasonIn,
        blanks=(_REASON,),
        done=N_("Đã chuyển lại cho công chức đầu mối."),
    ),
    Deed(
        action=Action.WITHDRAW,
        icon="arrow-back-up",
        words=N_("Rút lại trước khi xem xét"),
        button=N_("Rút lại"),
        act=work.withdraw,
        asked=RemarkIn,
        blanks=(_WORDS,),
        done=N_("Đã rút lại."),
    ),
    Deed(
        action=Action.ACCEPT,
        icon="circle-check",
        words=N_("Chấp nhận"),
        button=N_("Chấp nhận"),
        act=work.accept,
        asked=RemarkIn,
        blanks=(_WORDS,),
        tone="primary",
        done=N_("Đã chấp nhận."),
    ),
    Deed(
        action=Action.RETURN,
        icon="arrow-back-up",
        words=N_("Trả lại để bổ sung"),
        button=N_("Trả lại"),
        act=work.return_for_correction,
        asked=ReturnIn,
        blanks=(_REASON, _BASIS),
        part_by_part=True,
        done=N_("Đã trả lại; đơn vị được báo kèm hạn bổ sung."),
    ),
    Deed(
        action=Action.ASK_EXTENSION,
        icon="clock-plus",
        words=N_("Xin gia hạn"),
        button=N_("Gửi đề nghị"),
        act=extensions.ask_extension,
        asked=WishIn,
        blanks=(Blank(name="due_on", label=N_("Xin đến hết ngày"), kind="date", required=True), _REASON),
        done=N_("Đã gửi đề nghị gia hạn."),
    ),
    Deed(
        action=Action.EXTEND,
        icon="clock-plus",
        words=N_("Gia hạn"),
        button=N_("Gia hạn"),
        act=extensions.extend,
        asked=DueIn,
        blanks=(_DUE, _REASON, _BASIS),
        done=N_("Đã gia hạn."),
    ),
    Deed(
        action=Action.REFUSE_EXTENSION,
        icon="x",
        words=N_("Không đồng ý gia hạn"),
        button=N_("Không đồng ý"),
        act=extensions.refuse_extension,
        asked=ReasonIn,
        blanks=(_REASON,),
        done=N_("Đã trả lời không đồng ý gia hạn."),
    ),
    Deed(
        action=Action.URGE,
        icon="bell-ringing",
        words=N_("Đôn đốc"),
        button=N_("Đôn đốc"),
        act=work.urge,
        asked=UrgeIn,
        blanks=(
            Blank(
                name="by",
                label=N_("Bằng"),
                kind="choice",
                required=True,
                choices=(("mail", N_("thư điện tử")), ("phone", N_("điện thoại")), ("letter", N_("công văn"))),
            ),
            Blank(name="note", label=N_("Đã nói gì, với ai (bắt buộc với điện thoại, công văn)"), kind="text"),
        ),
        done=N_("Đã đôn đốc."),
    ),
    Deed(
        action=Action.SUSPEND,
        icon="clock-pause",
        words=N_("Tạm dừng tính hạn"),
        button=N_("Tạm dừng"),
        act=work.suspend,
        asked=ReasonIn,
        blanks=(_REASON, _BASIS),
        done=N_("Đã tạm dừng tính hạn."),
    ),
    Deed(
        action=Action.RESUME_CLOCK,
        icon="player-play",
        words=N_("Tính hạn tiếp"),
        button=N_("Tính hạn tiếp"),
        act=work.resume_clock,
        asked=RemarkIn,
        blanks=(_WORDS, _BASIS),
        done=N_("Thời hạn được tính tiếp."),
    ),
    Deed(
        action=Action.REOPEN,
        icon="lock-open",
        words=N_("Mở lại"),
        button=N_("Mở lại"),
        act=extensions.reopen,
        asked=DueIn,
        blanks=(_DUE, _REASON, _BASIS),
        done=N_("Đã mở lại."),
    ),
    Deed(
        action=Action.WAIVE,
        icon="ban",
        words=N_("Miễn thực hiện"),
        button=N_("Miễn"),
        act=work.waive,
        asked=ReasonIn,
        blanks=(_REASON, _BASIS),
        done=N_("Đã miễn thực hiện."),
        tone="danger",
    ),
    Deed(
        action=Action.TRANSFER,
        icon="exchange",
        words=N_("Chuyển cho đơn vị kế thừa"),
        button=N_("Chuyển giao"),
        act=work.transfer,
        asked=TransferIn,
        blanks=(Blank(name="to", label=N_("Đơn vị kế thừa"), kind="named", among="units", required=True), _REASON, _BASIS),
        done=N_("Đã chuyển giao."),
        tone="danger",
    ),
    Deed(
        action=Action.REASSIGN,
        icon="user",
        words=N_("Giao cho người khác của đơn vị"),
        button=N_("Giao"),
        act=work.reassign,
        asked=ReassignIn,
        blanks=(Blank(name="contact", label=N_("Người được giao"), kind="named", among="colleagues", required=True),),
        done=N_("Đã giao việc."),
    ),
)
BY_ACTION: Mapping[str, Deed] = {deed.action.value: deed for deed in DEEDS}


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What was sent and could not be done: kept, so that nobody writes it twice."""

    action: str
    fields: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    text: str = ""
    faults: tuple[tuple[str, str], ...] = ()
    stale: bool = False  #: somebody else was faster
    labels: Mapping[str, str] = field(default_factory=dict)  #: what the form calls its fields, in the reader's language

    @property
    def said(self) -> list[tuple[str, str]]:
        """What is wrong, each once: the field as the form calls it, with the line where it holds several, and the words."""
        said = [(self._called(where), words) for where, words in self.faults if words not in self.text]
        return list(dict.fromkeys(said))

    def _called(self, where: str) -> str:
        name, *rest = where.split(".")
        line = next((f" ({int(part) + 1})" for part in rest if part.isdecimal()), "")
        return f"{self.labels[name]}{line}" if name in self.labels else ""

    def fault_of(self, name: str) -> str:
        """Return what is wrong with a field; empty where nothing is."""
        return next((words for where, words in self.faults if where == name), "")

    @property
    def written(self) -> list[str]:
        """What somebody wrote who may not be able to send it any more: every field of theirs, the form's own left out."""
        return [words for name, words in self.fields.items() if words.strip() and name not in _OF_THE_FORM]


_OF_THE_FORM = frozenset({"csrf", "moves", "once"})
