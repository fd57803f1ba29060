"""
Changes of a running year, as forms: each is looked at and made by the API's own functions for it.

A new one is a row of `CHANGES`; no page changes for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from api.console.catalogues import N_
from api.console.deed import Blank
from api.console.rung_changes import BLANKS, change_rung, look_at_rung, read_rung
from api.console.year_moves import MOVES, look_at_move
from api.routes import replanning
from api.wire.replanning import ApplyJoinIn, ApplyLeaveIn, ChangeIn, DateIn, JoinIn, LeaveIn, MoveDueIn, ReplanIn
from api.wire.work import CycleWordsIn
from evaluation.cycles import CYCLE_MOVES, CycleState, CycleVerb

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.responses import Response

    from api.changing.cycles import ChangingCycle
    from notifications.letters import Language

    Given = Mapping[str, Any]
    Look = Callable[[Given, ChangingCycle, Language], Response]

RUNNING = frozenset({CycleState.LAUNCHED, CycleState.PAUSED})


@dataclass(frozen=True, kw_only=True)
class Change:
    """Something that can be changed of a year."""

    key: str
    icon: str
    words: str
    text: str  #: what it does, to dates and to mail
    button: str
    done: str
    blanks: tuple[Blank, ...]
    read: Callable[[Mapping[str, str]], dict[str, Any]]  #: a form as the API's schema has it
    look: Look
    act: Look  #: ValidationError where reason or document is missing
    states: frozenset[CycleState] = RUNNING
    typed: bool = False  #: cannot be undone: the year must be written once more
    tone: str = "primary"
    late: bool = False  #: dates that have passed must be meant


def _filled(fields: Mapping[str, str], *names: str) -> dict[str, Any]:
    """Return what a form says; what is left empty is not said."""
    return {name: fields[name] for name in names if fields.get(name, "").strip()}


def _date(fields: Mapping[str, str]) -> dict[str, Any]:
    _, _, period = fields.get("stage", "").partition(":")
    return {**_filled(fields, "part", "on"), "period": period}


def _stage(given: Given) -> str:
    return str(given["stage"]).partition(":")[0]


def _join(fields: Mapping[str, str]) -> dict[str, Any]:
    unit = {name.removeprefix("unit."): value for name, value in fields.items() if name.startswith("unit.") and value.strip()}
    posts = {"officer": "contacts.0.", "head": "contacts.1."}
    people = [
        {"key": f"{role}.{unit.get('key', '')}", "party": unit.get("key", ""), "role": role, **said}
        for role, prefix in posts.items()
        if (said := {name.removeprefix(prefix): value for name, value in fields.items() if name.startswith(prefix) and value.strip()})
    ]
    return {"unit": unit, "contacts": people}


def _leave(fields: Mapping[str, str]) -> dict[str, Any]:
    return {**_filled(fields, "on", "successor"), "undeclared": fields.get("undeclared") == "yes"}


def _calendar(_fields: Mapping[str, str]) -> dict[str, Any]:
    return {"calendar": True}


def _plan(fields: Mapping[str, str]) -> dict[str, Any]:
    return {"yaml": fields.get("yaml", "").replace("\r\n", "\n")}


def _body(given: Given) -> dict[str, Any]:
    """Return what goes into the body; the names of the path stand beside it."""
    return {name: value for name, value in given.items() if name not in {"stage", "leaving"}}


def _verb(key: CycleVerb, **more: Any) -> Change:  # noqa: ANN401  the further fields of a change
    return Change(
        key=key.value,
        blanks=(),
        read=lambda _fields: {},
        look=lambda _given, changing, _language: look_at_move(changing, key),
        act=partial(_act_verb, key),
        states=CYCLE_MOVES[key][0] & RUNNING,
        **more,
    )


def _act_verb(key: CycleVerb, given: Given, changing: ChangingCycle, _language: Language) -> Response:
    return MOVES[key](CycleWordsIn.model_validate(given), changing)


_PART = (("due", N_("hạn")), ("opens", N_("ngày bắt đầu")), ("locks", N_("ngày khóa")))
CHANGES: tuple[Change, ...] = (
    Change(
        key="date",
        icon="calendar-due",
        words=N_("Dời ngày của một công việc"),
        text=N_("Hạn của mọi đơn vị trong công việc đó dời theo, cùng các hạn tính từ ngày ấy. Gia hạn riêng đã cho thì giữ nguyên."),
        button=N_("Dời ngày"),
        done=N_("Đã dời ngày."),
        blanks=(
            Blank(name="stage", label=N_("Công việc"), kind="choice", required=True),
            Blank(name="part", label=N_("Mốc"), kind="choice", required=True, choices=_PART),
            Blank(name="on", label=N_("Ngày mới (tính cả ngày này)"), kind="date", required=True),
        ),
        read=lambda fields: {**_date(fields), "stage": fields.get("stage", "")},
        look=lambda given, changing, language: replanning.preview_move_due(
            _stage(given), DateIn.model_validate(_body(given)), changing, language
        ),
        act=lambda given, changing, language: replanning.apply_move_due(
            _stage(given), MoveDueIn.model_validate(_body(given)), changing, language
        ),
        late=True,
    ),
    Change(
        key="join",
        icon="building-plus",
        words=N_("Thêm một đơn vị"),
        text=N_("Đơn vị được thêm vào cơ quan và nhận mọi việc của nhóm mình theo kế hoạch đang chạy."),
        button=N_("Thêm đơn vị"),
        done=N_("Đã thêm đơn vị."),
        blanks=(
            Blank(name="unit.key", label=N_("Khóa (chữ thường không dấu)"), required=True, hint="xa-31813"),
            Blank(name="unit.name", label=N_("Tên đơn vị"), required=True),
            Blank(name="unit.group", label=N_("Nhóm"), kind="choice", required=True),
            Blank(name="unit.level", label=N_("Cấp"), kind="choice"),
            Blank(name="unit.superior", label=N_("Cơ quan cấp trên"), kind="choice"),
            Blank(name="unit.mailbox", label=N_("Hộp thư công vụ"), hint="vanthu@xa-31813.invalid"),
            Blank(name="contacts.0.name", label=N_("Công chức đầu mối: họ tên")),
            Blank(name="contacts.0.address", label=N_("Công chức đầu mối: địa chỉ thư")),
            Blank(name="contacts.1.name", label=N_("Thủ trưởng: họ tên")),
            Blank(name="contacts.1.address", label=N_("Thủ trưởng: địa chỉ thư")),
        ),
        read=_join,
        look=lambda given, changing, language: replanning.preview_join(JoinIn.model_validate(given), changing, language),
        act=lambda given, changing, language: replanning.apply_join(ApplyJoinIn.model_validate(given), changing, language),
        late=True,
    ),
    Change(
        key="leave",
        icon="building-off",
        words=N_("Cho một đơn vị ra khỏi năm"),
        text=N_(
            "Việc chưa xong của đơn vị chuyển ngay cho đơn vị kế thừa; không có đơn vị kế thừa thì được miễn. Thư nhắc chưa gửi bị hủy."
        ),
        button=N_("Cho ra khỏi năm"),
        done=N_("Đơn vị đã ra khỏi năm."),
        blanks=(
            Blank(name="leaving", label=N_("Đơn vị"), kind="choice", required=True),
            Blank(name="on", label=N_("Ngày cuối cùng còn là đơn vị"), kind="date", required=True),
            Blank(name="successor", label=N_("Đơn vị kế thừa"), kind="choice"),
            Blank(name="undeclared", label=N_("Chuyển cả khi danh sách chưa ghi là đơn vị kế thừa"), kind="check"),
        ),
        read=lambda fields: {**_leave(fields), "leaving": fields.get("leaving", "")},
        look=lambda given, changing, language: replanning.preview_leave(
            given["leaving"], LeaveIn.model_validate(_body(given)), changing, language
        ),
        act=lambda given, changing, language: replanning.apply_leave(
            given["leaving"], ApplyLeaveIn.model_validate(_body(given)), changing, language
        ),
        tone="danger",
        late=True,
    ),
    Change(
        key="rung",
        icon="clock-exclamation",
        words=N_("Sửa một bậc nhắc"),
        text=N_(
            "Đổi ngày, thư hoặc người được báo của một bậc; để trống thì giữ nguyên. Các hạn không đổi, thư nhắc tính lại theo bậc mới."
        ),
        button=N_("Đổi bậc nhắc"),
        done=N_("Đã đổi bậc nhắc."),
        blanks=BLANKS,
        read=read_rung,
        look=look_at_rung,
        act=change_rung,
        late=True,
    ),
    Change(
        key="plan",
        icon="file-text",
        words=N_("Sửa kế hoạch hoặc bậc nhắc"),
        text=N_(
            "Dán hoặc chọn tệp kế hoạch đã sửa, cùng khóa với kế hoạch đang chạy: công việc, ngày, các bậc nhắc. Bản cũ được giữ lại "
            "thành phiên bản trước."
        ),
        button=N_("Áp dụng kế hoạch"),
        done=N_("Đã áp dụng kế hoạch mới."),
        blanks=(Blank(name="yaml", label=N_("Kế hoạch (YAML)"), kind="file", required=True),),
        read=_plan,
        look=lambda given, changing, language: replanning.preview_replan(ChangeIn.model_validate(given), changing, language),
        act=lambda given, changing, language: replanning.apply_replan(ReplanIn.model_validate(given), changing, language),
        late=True,
    ),
    Change(
        key="calendar",
        icon="refresh",
        words=N_("Thay lịch làm việc"),
        text=N_("Năm chuyển sang lịch nghỉ, làm bù mà cơ quan nhập gần nhất; hạn rơi vào ngày nghỉ mới được tính lại."),
        button=N_("Thay lịch"),
        done=N_("Đã thay lịch."),
        blanks=(),
        read=_calendar,
        look=lambda given, changing, language: replanning.preview_replan(ChangeIn.model_validate(given), changing, language),
        act=lambda given, changing, language: replanning.apply_replan(ReplanIn.model_validate(given), changing, language),
        late=True,
    ),
    _verb(
        CycleVerb.PAUSE,
        icon="player-pause",
        words=N_("Tạm dừng cả năm"),
        text=N_("Không nhắc, không leo thang; thư đang chờ được giữ lại. Thời hạn giữ nguyên: ai nợ việc vẫn nợ, đúng ngày cũ."),
        button=N_("Tạm dừng"),
        done=N_("Năm đang tạm dừng."),
    ),
    _verb(
        CycleVerb.RESUME,
        icon="player-play",
        words=N_("Chạy tiếp"),
        text=N_("Thư được gửi lại; mỗi việc chỉ nhắc bậc gần nhất, các bậc đã lỡ trong lúc tạm dừng thì bỏ. Thời hạn giữ nguyên."),
        button=N_("Chạy tiếp"),
        done=N_("Năm đang chạy tiếp."),
    ),
    _verb(
        CycleVerb.CLOSE,
        icon="lock",
        words=N_("Khép lại năm"),
        text=N_("Thư chưa gửi bị hủy, từ nay không nhắc nữa và không ai được báo. Việc chưa xong nằm lại như lúc này. Không mở lại được."),
        button=N_("Khép lại"),
        done=N_("Năm đã khép lại."),
        typed=True,
        tone="danger",
    ),
    _verb(
        CycleVerb.CANCEL,
        icon="ban",
        words=N_("Hủy năm"),
        text=N_("Thư nhắc chưa gửi bị hủy; mọi nơi còn nợ việc được báo là năm này không thực hiện nữa. Không khôi phục được."),
        button=N_("Hủy năm"),
        done=N_("Năm đã bị hủy."),
        typed=True,
        tone="danger",
    ),
)
BY_KEY: Mapping[str, Change] = {one.key: one for one in CHANGES}
