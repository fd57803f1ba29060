"""
Errors of the library as people meet them: one clear message on stderr, and an exit code of one table.

The table names classes by text, so that nothing is imported to look an error up; a test imports each. docs/cli.md explains the codes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from cli.language import Language, said, spoken


class ExitCode(IntEnum):
    """How `dondoc` ends."""

    OK = 0
    REFUSED = 1  #: findings, or a rule of the regulation says no
    USAGE = 2  #: the command line itself is wrong
    NOT_FOUND = 3  #: what was named is not there
    CONFLICT = 4  #: it is there already, or somebody else was faster: look again and repeat
    UNAVAILABLE = 5  #: the database, a server or a file cannot be used
    INTERRUPTED = 130  #: somebody pressed Ctrl-C


class RefusedError(Exception):
    """The command line refuses, in both languages, with an exit code."""

    def __init__(self, vi: str, en: str, *, code: ExitCode = ExitCode.REFUSED) -> None:
        """Keep the words and the code."""
        self.code = code
        super().__init__(said(vi, en))


@dataclass(frozen=True, kw_only=True)
class Known:
    """What an error of the library is to people: its exit code, and the Vietnamese that its own English follows."""

    code: ExitCode
    vi: str = ""


def _refused(vi: str) -> Known:
    return Known(code=ExitCode.REFUSED, vi=vi)


def _not_found(vi: str) -> Known:
    return Known(code=ExitCode.NOT_FOUND, vi=vi)


def _unavailable(vi: str) -> Known:
    return Known(code=ExitCode.UNAVAILABLE, vi=vi)


#: Class → what it is to people; the first class of an error's family that is listed decides.
KNOWN: dict[str, Known] = {
    "api.doors.hosts.ForeignHostError": _unavailable("chưa có tài khoản nên trang web chỉ được mở trên chính máy này"),
    "api.doors.hosts.OpenSandboxError": _unavailable("cơ quan thử chỉ được mở cho mọi người trên chính máy này"),
    "cli.ticking.GivenTimeError": _refused("chỉ cơ quan thử mới cho đặt thời điểm"),
    "config.installation_key.WeakKeyError": _unavailable("khóa bí mật quá ngắn"),
    "config.faults.InputError": _refused("tệp có lỗi, không nhận gì cả"),
    "evaluation.account_addresses.UnfitAccountAddressError": _refused("địa chỉ không dùng làm tài khoản được"),
    "evaluation.cycles.CycleMoveError": _refused("trạng thái của chu kỳ không cho phép"),
    "evaluation.due_rules.MissingAnchorError": _refused("mốc để tính hạn chưa có ngày"),
    "evaluation.projection.CyclicStagesError": _refused("các công đoạn chờ lẫn nhau"),
    "evaluation.transitions.TransitionError": _refused("không thực hiện được bước này"),
    "evaluation.workdays.UnknownYearError": _refused("chưa có lịch ngày làm việc của năm"),
    "store.backups.BackupError": _unavailable("không sao lưu hoặc phục hồi được"),
    "store.commands.accounts.AccountError": _refused("tài khoản không cho phép"),
    "store.commands.authorities.AuthorityError": _not_found("không có cơ quan này"),
    "store.commands.inspections.held.NoSuchFindingError": _not_found("không có tồn tại này"),
    "store.commands.inspections.held.NoSuchInspectionError": _not_found("không có cuộc kiểm tra này"),
    "store.commands.survey.ballots.NoSuchCodeError": _not_found("không có phiếu này"),
    "store.queries.council.NoSuchCouncilError": _not_found("không phải quyết định của Hội đồng"),
    "store.commands.launch_refusals.LaunchError": _refused("không khởi động được"),
    "store.years.CycleNotRunningError": _refused("chu kỳ không còn chạy"),
    "store.commands.moves.NoSuchObligationError": _not_found("không có nghĩa vụ này"),
    "store.commands.paper_refusals.PaperMovedError": Known(code=ExitCode.CONFLICT),
    "store.queries.papers.NoSuchPaperError": _not_found("không có văn bản này"),
    "store.commands.people.AlreadyThereError": Known(code=ExitCode.CONFLICT, vi="đã có rồi"),
    "store.commands.people.PeopleError": _refused("không ghi được"),
    "store.commands.evidence.NoSuchEvidenceError": _not_found("không có tài liệu này"),
    "store.commands.extensions.NoRequestError": _not_found("không có đề nghị gia hạn nào đang chờ"),
    "store.commands.replan_refusals.ReplanError": _refused("không điều chỉnh được"),
    "store.migrating.NewerDatabaseError": _unavailable("cơ sở dữ liệu mới hơn chương trình"),
    "store.outbox.holding.NoSuchOutboxError": _not_found("không có hộp thư đi này"),
    "store.outbox.states.MessageMoveError": _refused("trạng thái của thư không cho phép"),
    "store.outbox.states.NoSuchMessageError": _not_found("không có thư này"),
    "store.passwords.WeakPasswordError": _refused("mật khẩu chưa đủ tốt"),
    "store.commands.reporting.StaleReportError": Known(code=ExitCode.CONFLICT),
    "store.score_refusals.StaleLeafError": Known(code=ExitCode.CONFLICT),
    "store.perform.StaleError": Known(code=ExitCode.CONFLICT, vi="có người vừa thay đổi, hãy xem lại rồi làm lại"),
    "store.queries.cycles.AmbiguousCycleError": _not_found("tên này chỉ nhiều chu kỳ"),
    "store.queries.editions.NoSuchEditionError": _not_found("chưa công bố bản nào như vậy"),
    "store.queries.criteria.NoSuchCriteriaError": Known(code=ExitCode.NOT_FOUND),
    "store.queries.people.NoSuchContactError": _not_found("không có đầu mối này"),
    "store.queries.people.NoSuchPartyError": _not_found("không có đơn vị này"),
    "store.files.NoSuchFileError": _not_found("không có tệp này"),
    "store.refusals.RefusalError": Known(code=ExitCode.REFUSED),
    "store.years.NoSuchCycleError": _not_found("không có chu kỳ này"),
    "sqlalchemy.exc.ArgumentError": _unavailable("địa chỉ cơ sở dữ liệu sai"),
    "sqlalchemy.exc.DatabaseError": _unavailable("không dùng được cơ sở dữ liệu"),
    "pydantic_core._pydantic_core.ValidationError": _unavailable("thiết lập DONDOC_… sai"),
    "builtins.OSError": _unavailable("không dùng được tệp hoặc kết nối"),
}

_NOT_FOUND = "not-found"  #: the fault of a plan or roster that was named and is nowhere


def known(error: BaseException) -> Known | None:
    """Return what an error is to people; None of one that nobody expected."""
    names = [_name(family) for family in type(error).__mro__]
    found = next((KNOWN[name] for name in names if name in KNOWN), None)
    codes = [fault.code for fault in getattr(error, "faults", ())]
    if found is not None and codes == [_NOT_FOUND]:
        return replace(found, code=ExitCode.NOT_FOUND)
    return found


def _name(family: type) -> str:
    return f"{family.__module__}.{family.__qualname__}"


def exit_code(error: BaseException) -> ExitCode | None:
    """Return the code of an error; None of one that nobody expected."""
    if isinstance(error, RefusedError):
        return error.code
    found = known(error)
    return None if found is None else found.code


def message(error: BaseException) -> str:
    """Return an error's words: in Vietnamese what it is, then the library's own; of a database only what its driver says."""
    said_whole = _in_words(error)
    if said_whole:
        return said_whole
    listed = getattr(error, "text", None)
    own = str(listed(spoken())) if callable(listed) else str(getattr(error, "orig", None) or error)
    found = known(error)
    if found is None or not found.vi or spoken() is not Language.VI:
        return own
    return f"{found.vi}\n{own}" if callable(listed) else f"{found.vi} ({own})"


def _in_words(error: BaseException) -> str:
    """Return the words of an error that is put into the language spoken part by part; empty for every other."""
    name = _name(type(error))
    if name == "pydantic_core._pydantic_core.ValidationError":
        from cli.usage import setting_words

        return said("thiết lập sai", "wrong settings") + f"\n{setting_words(error)}"
    if spoken() is not Language.VI:
        return ""
    if name == "evaluation.transitions.TransitionError":
        from evaluation.transition_words import transition_words

        known_by_name: Any = error
        return transition_words(known_by_name)
    if name == "evaluation.cycles.CycleMoveError":
        from cli.words import CYCLE_STATES

        allowed = ", ".join(getattr(error, "allowed", ())) or "không có lệnh nào"
        return f"chu kỳ {CYCLE_STATES[getattr(error, 'state', '')]} không nhận lệnh này; được phép: {allowed}"
    if name == "store.outbox.states.MessageMoveError":
        from cli.words import MESSAGE_STATES

        return f"thư {getattr(error, 'message', '')} {MESSAGE_STATES[getattr(error, 'state', '')]}: không làm được việc này"
    return ""
