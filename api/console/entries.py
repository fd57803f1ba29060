"""Entries of the journal in words: what was done, by whom, about what, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from api.console.catalogues import N_
from evaluation.actions import Outcome
from evaluation.kinds import MessageKind
from evaluation.obligations import State
from evaluation.rights_table import Action
from evaluation.rights_words import ACTIONS
from evaluation.terms import TermReason
from notifications.phrases import HEADINGS, STATES, pick
from notifications.wording import local_moment, plain_date
from store.actors import SYSTEM
from store.queries.names import contact_names, party_names
from store.queries.status import cycle_stages
from store.years import UPKEEP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from api.console.visiting import Visitor
    from store.queries.health import View
    from store.queries.journal import EntryLine
    from store.queries.names import PartyNames
    from store.queries.status import StageStatus

#: What is done by the engine or on the command line; what people do with obligations is called by `rights_words`.
DONE: dict[str, str] = {
    "tick": N_("máy xử lý việc đến hạn"),
    "tick-done": N_("máy đã xử lý xong"),
    "raise": N_("giao việc"),
    "mended": N_("việc cần xử lý đã được xử lý"),
    "release": N_("bắt đầu tính hạn"),
    "release-stage": N_("mở công đoạn"),
    "stage-failed": N_("lỗi khi xử lý một công đoạn"),
    "digest": N_("gửi thư tổng hợp"),
    "sum-up-request": N_("gửi kết quả yêu cầu báo cáo cho người yêu cầu"),
    "issue-plan": N_("gửi kế hoạch cho các đơn vị"),
    "attach": N_("nộp tài liệu kiểm chứng"),
    "withdraw-evidence": N_("rút tài liệu kiểm chứng"),
    "claim-leaf": N_("nhận hoặc thôi nhận thẩm định một mục"),
    "confirm-score": N_("xác nhận điểm thẩm định"),
    "end-exemption": N_("bỏ miễn chấm"),
    "ask-survey": N_("nhập bộ câu hỏi điều tra"),
    "plan-sample": N_("lập phương án mẫu điều tra"),
    "issue-ballots": N_("phát phiếu điều tra"),
    "enter-ballot": N_("nhập một phiếu điều tra"),
    "import-ballots": N_("nhập phiếu điều tra từ tệp"),
    "reopen-survey": N_("mở lại điều tra"),
    "close-survey": N_("chốt số liệu điều tra"),
    "settle-scores": N_("ghi điểm chính thức"),
    "take-over-scores": N_("tiếp nhận điểm của đơn vị cũ"),
    "name-council": N_("ghi thành viên Hội đồng"),
    "open-session": N_("mở phiên họp Hội đồng"),
    "write-council-minutes": N_("ghi biên bản họp Hội đồng"),
    "bring-matter": N_("đưa nội dung ra Hội đồng"),
    "close-session": N_("khép lại phiên họp Hội đồng"),
    "ask-votes": N_("lấy ý kiến biểu quyết"),
    "declare-conflict": N_("ghi xung đột lợi ích của thành viên Hội đồng"),
    "vote": N_("ghi phiếu biểu quyết của Hội đồng"),
    "resolve-matter": N_("kiểm phiếu của Hội đồng"),
    "hold-outbox": N_("giữ thư"),
    "release-outbox": N_("thả thư"),
    "release-message": N_("thả một thư"),
    "resend-message": N_("gửi lại một thư"),
    "count-message-as-sent": N_("tính một thư là đã gửi"),
    "cancel-message": N_("hủy một thư"),
    "record-bounce": N_("ghi nhận thư bị trả về"),
    "unreachable": N_("địa chỉ không nhận được thư"),
    "fuse": N_("dừng đợt gửi thư vì vượt ngưỡng an toàn"),
    "found-authority": N_("lập cơ quan"),
    "import-roster": N_("nhập danh sách đơn vị, đầu mối"),
    "enter-calendar": N_("nhập lịch làm việc"),
    "change-authority": N_("đổi tên, logo của cơ quan"),
    "import-criteria": N_("nhập bộ tiêu chí"),
    "correct-weak-criteria": N_("sửa điểm tiêu chí điểm thấp năm trước"),
    "import-form": N_("nhập biểu mẫu báo cáo"),
    "correct-criteria": N_("đính chính bộ tiêu chí"),
    "lead-criteria": N_("ghi đơn vị chủ trì tiêu chí"),
    "add-unit": N_("thêm đơn vị"),
    "drop-unit": N_("kết thúc đơn vị"),
    "place-under": N_("đổi đơn vị cấp trên"),
    "name-successor": N_("ghi đơn vị kế thừa"),
    "add-contact": N_("thêm đầu mối"),
    "drop-contact": N_("kết thúc đầu mối"),
    "replace-contact": N_("thay đầu mối"),
    "set-deputy": N_("cử người thay mặt"),
    "change-address": N_("đổi địa chỉ thư"),
    "link-account": N_("gắn tài khoản với đầu mối"),
    "link-identity": N_("gắn tài khoản với dịch vụ đăng nhập"),
    "invite": N_("mời sử dụng"),
    "accept-invitation": N_("nhận lời mời"),
    "enable-account": N_("mở lại tài khoản"),
    "disable-account": N_("khóa tài khoản"),
    "change-password": N_("đổi mật khẩu"),
    "reset-password": N_("đặt lại mật khẩu"),
    "confirm-second-factor": N_("bật xác thực hai bước"),
    "drop-second-factor": N_("bỏ xác thực hai bước"),
    "use-recovery-code": N_("dùng mã dự phòng"),
    "require-second-factor": N_("yêu cầu xác thực hai bước"),
    "create-token": N_("tạo khóa truy cập"),
    "revoke-token": N_("thu hồi khóa truy cập"),
    "history-made": N_("dựng số liệu thử nghiệm"),
    "restore": N_("khôi phục từ bản sao lưu"),
}
REASONS: dict[TermReason, str] = {
    TermReason.INITIAL: N_("hạn ban đầu"),
    TermReason.CORRECTION: N_("hạn bổ sung"),
    TermReason.SUPPLEMENT: N_("hạn bổ sung từng phần sau khi đã chấp nhận"),
    TermReason.EXTENSION: N_("hạn được gia hạn"),
    TermReason.SUSPENSION: N_("tạm dừng tính hạn"),
    TermReason.RESUMPTION: N_("tính hạn tiếp"),
    TermReason.RE_OPENING: N_("mở lại"),
    TermReason.REVIEW: N_("nơi nhận xem xét"),
    TermReason.WITHDRAWAL: N_("trở lại hạn cũ"),
    TermReason.CALENDAR: N_("tính lại theo lịch mới"),
    TermReason.PLAN: N_("tính lại theo kế hoạch"),
}
RUNGS: dict[Outcome, str] = {
    Outcome.NOTICED: N_("bậc nhắc %s: đã báo"),
    Outcome.SKIPPED: N_("bậc nhắc %s: bỏ qua"),
    Outcome.VOID: N_("bậc nhắc %s: không cần nữa"),
}


@dataclass(frozen=True, kw_only=True)
class EntryView:
    """An entry as the journal shows it."""

    number: int
    when: str
    recorded: str  #: when it was written down, where that is another time
    who: str
    capacity: str  #: in whose stead, or on whose behalf
    what: str
    about: str
    obligation: int | None
    outcomes: tuple[str, ...]
    reason: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class _Named:
    actors: Mapping[str, str]
    contacts: Mapping[int, str]
    parties: PartyNames
    stages: Mapping[tuple[int, str], StageStatus]


def action_said(visitor: Visitor, action: str) -> str:
    """Return what was done; the engine's own word where there is none for people."""
    if action in DONE:
        return visitor.say(DONE[action])
    return pick(ACTIONS[Action(action)], language=visitor.language) if action in set(Action) else action


def actors_said(visitor: Visitor, connection: View, actors: Iterable[str]) -> dict[str, str]:
    """Return who acted, by what the journal calls them: one query, however many."""
    wanted = set(actors)
    names = contact_names(connection, {int(one[1:]) for one in wanted if one != SYSTEM})
    return {one: _actor(visitor, one, names) for one in wanted}


def _actor(visitor: Visitor, actor: str, names: Mapping[int, str]) -> str:
    if actor == SYSTEM:
        return visitor.say("Hệ thống")
    return names.get(int(actor[1:]), "") or visitor.say("người đã xóa khỏi danh sách")


def entry_views(visitor: Visitor, connection: View, lines: Sequence[EntryLine], *, zone: str) -> list[EntryView]:
    """Return entries in words: four queries, however many there are."""
    capacities = {ident for line in lines if (ident := line.payload.get("deputy_of")) is not None}
    bodies = {ident for line in lines for name in ("on_behalf_of", "party", "successor") if (ident := line.payload.get(name)) is not None}
    keys = {part for line in lines for part in (line.party, line.subject, line.subject.partition("/")[2]) if part}
    named = _Named(
        actors=actors_said(visitor, connection, (line.actor for line in lines)),
        contacts=contact_names(connection, capacities | {ident for line in lines if (ident := line.payload.get("contact")) is not None}),
        parties=party_names(connection, keys=keys, ids=bodies),
        stages=cycle_stages(connection, {line.cycle for line in lines if line.cycle is not None}),
    )
    return [_view(visitor, line, named, zone=zone) for line in lines]


def _view(visitor: Visitor, line: EntryLine, named: _Named, *, zone: str) -> EntryView:
    remark = next((action for action in line.payload.get("actions", ()) if action["do"] == "remark"), line.payload)
    recorded = "" if abs((line.recorded_at - line.at).total_seconds()) <= _SAME_SECONDS else _moment(visitor, line.recorded_at, zone=zone)
    return EntryView(
        number=line.number,
        when=_moment(visitor, line.at, zone=zone),
        recorded=recorded,
        who=named.actors[line.actor] + (f" ({line.os_user})" if line.os_user else ""),
        capacity=_capacity(visitor, line, named),
        what=action_said(visitor, line.action),
        about=_about(visitor, line, named),
        obligation=line.obligation,
        outcomes=tuple(_outcomes(visitor, line)),
        reason=str(remark.get("reason") or ""),
        basis=str(remark.get("basis") or ""),
    )


#: Business time and recorded time that are nearer to each other are one.
_SAME_SECONDS = 60


def _moment(visitor: Visitor, at: Any, *, zone: str) -> str:  # noqa: ANN401  a datetime, as rows have it
    return local_moment(at, zone=ZoneInfo(zone), language=visitor.language)


def _capacity(visitor: Visitor, line: EntryLine, named: _Named) -> str:
    deputised, behalf = line.payload.get("deputy_of"), line.payload.get("on_behalf_of")
    if deputised is not None:
        return visitor.say("thay mặt %s") % named.contacts.get(deputised, "")
    return visitor.say("làm thay %s") % named.parties.by_id.get(behalf, "") if behalf is not None else ""


def _about(visitor: Visitor, line: EntryLine, named: _Named) -> str:
    """Return what an entry is about: the line of the plan, the unit, the subject; of an entry about people whom it names."""
    stage = named.stages.get((line.cycle or 0, line.stage))
    title = "" if stage is None else visitor.either(stage.title, stage.title_en)
    subject = "" if line.stage == UPKEEP else named.parties.of_key(line.authority, line.subject)
    if line.obligation is None and not title:
        party, contact = line.payload.get("party"), line.payload.get("contact")
        return ", ".join(filter(None, (named.contacts.get(contact or 0, ""), named.parties.by_id.get(party or 0, ""))))
    return " · ".join(filter(None, (title, line.party and named.parties.of_key(line.authority, line.party), subject)))


def _outcomes(visitor: Visitor, line: EntryLine) -> Iterator[str]:
    """Yield what came of an entry, a few words each; rungs that nobody needs any more are counted together."""
    actions = line.payload.get("actions", ())
    void = sum(one["do"] == "settle" and one["outcome"] == Outcome.VOID.value for one in actions)
    for action in actions:
        words = _outcome(visitor, action)
        if words:
            yield words
    if void:
        yield visitor.say("%s bậc nhắc không cần nữa") % void
    if "messages" in line.payload:
        yield visitor.say("%s thư") % line.payload["messages"]
    if "message" in line.payload:
        yield visitor.say("thư số %s") % line.payload["message"]


def _outcome(visitor: Visitor, action: Mapping[str, Any]) -> str:
    match action["do"]:
        case "move":
            return "→ " + pick(STATES[State(action["to"])], language=visitor.language)
        case "settle" if action["outcome"] != Outcome.VOID.value:
            return visitor.say(RUNGS[Outcome(action["outcome"])]) % str(action["rung"])
        case "notify":
            kind = pick(HEADINGS[MessageKind(action["kind"])], language=visitor.language)
            return visitor.say("báo %(count)s nơi: %(kind)s") % {"count": len(action.get("recipients", ())), "kind": kind}
        case "write":
            return _term(visitor, action["term"])
        case "submitted" if action["days_late"]:
            return visitor.say("trễ %s ngày") % int(action["days_late"])
        case "wish":
            return visitor.say("xin đến hết ngày %s") % _date(visitor, action["due_on"])
        case "urged":
            return str(action.get("note", ""))
    return ""


def _term(visitor: Visitor, term: Mapping[str, Any]) -> str:
    words = visitor.say(REASONS[TermReason(term["reason"])])
    return f"{words} {_date(visitor, term['due_on'])}" if term.get("due_on") else words


def _date(visitor: Visitor, on: str) -> str:
    return plain_date(date.fromisoformat(on), language=visitor.language)
