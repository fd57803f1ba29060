"""Rights by the command line: the table printed and documented, and every move refused to whom it is not for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.errors import ExitCode
from cli.rights import table_in_markdown
from config.settings import settings
from evaluation.kinds import Role
from evaluation.rights_table import Action
from tests.cli.test_moves import AT, WHY, of, tick_at

if TYPE_CHECKING:
    from tests.cli.conftest import Dondoc

PAGE = Path(__file__).parents[2] / "docs" / "rights.md"
MADE = "<!-- made by `cli.rights.table_in_markdown`; a test holds it -->\n\n"


@pytest.fixture
def opened(small: Dondoc) -> Dondoc:
    """The small year on 7 January, its plans open."""
    tick_at(small, datetime(2025, 1, 6, 1, tzinfo=UTC))
    return small


def test_the_table_is_printed_right_by_right(dondoc: Dondoc) -> None:
    said = dondoc.read("rights")
    rows = {(row["role"], row["relation"], row["action"]) for row in said["rights"] if not row["kinds"]}
    assert ("head", "owes", "submit") in rows
    assert ("officer", "owes", "submit") not in rows
    assert {row["relation"] for row in said["rights"] if row["on_behalf"]} == {"for-owing", "for-chair", "for-chair-on-own"}
    assert {row["action"] for row in said["rights"]} == {action.value for action in Action}
    assert "appraisal" in said["own_unit"]


def test_people_read_it_in_both_languages(dondoc: Dondoc) -> None:
    assert "công chức đầu mối" in dondoc.do("rights")
    assert "focal officer" in dondoc.do("rights", "--lang", "en")


def test_the_page_has_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8").partition(MADE)[2] == table_in_markdown()


#: A command of a unit's obligation, and one contact each that it is for and that it is not for.
MOVES = [
    pytest.param(("prepare",), "officer.xa-1", "officer.xa-2", id="prepare"),
    pytest.param(("submit",), "head.xa-1", "officer.xa-1", id="submit"),
    pytest.param(("extend", "--due", "2025-02-14", *WHY), "officer.so-noi-vu", "head.xa-1", id="extend"),
    pytest.param(("refuse-extension", *WHY), "head.so-noi-vu", "officer.xa-1", id="refuse-extension"),
    pytest.param(("ask-extension", "--due", "2025-02-14", "--reason", "x"), "officer.xa-1", "officer.so-tu-phap", id="ask-extension"),
    pytest.param(("suspend", *WHY), "officer.so-noi-vu", "head.chu-tich", id="suspend"),
    pytest.param(("waive", *WHY), "officer.so-noi-vu", "head.xa-1", id="waive"),
    pytest.param(("transfer", "--to", "xa-2", "--undeclared", *WHY), "officer.so-noi-vu", "head.xa-2", id="transfer"),
    pytest.param(("urge", "--by", "mail"), "officer.so-noi-vu", "head.chu-tich", id="urge"),
    pytest.param(("reassign", "--to", "head.xa-1"), "head.xa-1", "officer.xa-1", id="reassign"),
]


@pytest.mark.parametrize(("words", "entitled", "other"), MOVES)
def test_a_move_asks_who_may(opened: Dondoc, words: tuple[str, ...], entitled: str, other: str) -> None:
    number = of(opened)["id"]
    if words == ("submit",):
        opened.do("prepare", number, "--as", "officer.xa-1", *AT)
    before = len(opened.read("journal"))
    refused = opened(words[0], number, *words[1:], "--as", other, *AT)
    assert refused.code == ExitCode.REFUSED
    assert "việc này không thuộc quyền của anh/chị mà của:" in refused.err
    assert "that is not for you" in opened(words[0], number, *words[1:], "--as", other, *AT, "--lang", "en").err
    assert len(opened.read("journal")) == before
    opened.do(words[0], number, *words[1:], "--as", entitled, *AT)


def test_accepting_and_returning_are_for_who_receives(opened: Dondoc) -> None:
    number = of(opened)["id"]
    opened.do("prepare", number, "--as", "officer.xa-1", *AT)
    opened.do("submit", number, "--as", "head.xa-1", "--text", "Kính gửi", *AT)
    for verb in ("accept", "return"):
        assert opened(verb, number, *WHY, "--as", "head.xa-1", *AT).code == ExitCode.REFUSED
    assert opened("withdraw", number, "--as", "officer.xa-1", *AT).code == ExitCode.REFUSED
    opened.do("return", number, *WHY, "--as", "officer.so-noi-vu", *AT)
    assert of(opened)["state"] == "returned"


def test_the_standing_body_files_for_a_unit_and_the_journal_says_so(opened: Dondoc) -> None:
    number = of(opened)["id"]
    opened.do("prepare", number, "--as", "officer.so-noi-vu", *AT)
    assert opened.read("journal")[-1]["payload"]["on_behalf_of"] > 0
    own = of(opened, party="so-noi-vu")["id"]
    opened.do("prepare", own, "--as", "officer.so-noi-vu", *AT)
    assert "on_behalf_of" not in opened.read("journal")[-1]["payload"]
    assert opened("submit", own, "--as", "officer.so-noi-vu", *AT).code == ExitCode.REFUSED


@pytest.mark.parametrize(
    "words", [("extend", "--due", "2025-02-14"), ("suspend",), ("waive",), ("transfer", "--to", "xa-2", "--undeclared")]
)
def test_the_standing_body_excuses_itself_by_the_chairs_document_alone(opened: Dondoc, words: tuple[str, ...]) -> None:
    own = of(opened, party="so-noi-vu")["id"]
    asked = (words[0], own, *words[1:], "--reason", "x")
    refused = opened(*asked, "--document", "CV 1", "--as", "officer.so-noi-vu", *AT)
    assert (refused.code, "theo ý kiến Chủ tịch" in refused.err) == (ExitCode.REFUSED, True)
    bare = opened(*asked, "--as", "head.so-noi-vu", *AT)
    assert (bare.code, "văn bản của Chủ tịch" in bare.err) == (ExitCode.REFUSED, True)
    assert "chair's document" in opened(*asked, "--document", " ", "--as", "head.so-noi-vu", *AT, "--lang", "en").err
    opened.do(*asked, "--document", "CV 9/UBND ngày 06/01/2025", "--as", "head.so-noi-vu", *AT)
    assert opened.read("journal")[-1]["payload"]["on_behalf_of"] > 0


def test_the_chair_excuses_the_standing_body(opened: Dondoc) -> None:
    own = of(opened, party="so-noi-vu")["id"]
    opened.do("waive", own, "--reason", "x", "--as", "head.chu-tich", *AT)
    assert "on_behalf_of" not in opened.read("journal")[-1]["payload"]


def test_a_paper_is_filed_by_its_number_and_date(opened: Dondoc) -> None:
    number = of(opened)["id"]
    opened.do("prepare", number, "--as", "officer.xa-1", *AT)
    paper = ("submit", number, "--received-on", "2025-01-06", "--as", "officer.so-noi-vu", *AT)
    for unnamed in ((), ("--number", " ")):
        refused = opened(*paper, *unnamed)
        assert (refused.code, "phải có số, ngày của văn bản" in refused.err) == (ExitCode.REFUSED, True)
    assert "by its number and date" in opened(*paper, "--lang", "en").err
    opened.do(*paper, "--number", "25/BC ngày 05/01/2025")


def test_a_deputy_signs_while_the_head_is_away(opened: Dondoc) -> None:
    number = of(opened)["id"]
    opened.do("prepare", number, "--as", "officer.xa-1", *AT)
    opened.do(
        "contacts", "deputy", "head.xa-1", "--by", "officer.xa-1", "--from", "2025-01-07", "--to", "2025-01-08", "--as", "head.xa-1", *AT
    )
    opened.do("submit", number, "--as", "officer.xa-1", *AT)
    assert opened.read("journal")[-1]["payload"]["deputy_of"] > 0


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.OFFICER, Role.HEAD}])
def test_a_roster_names_every_role_and_its_fields(staffed: Dondoc, role: Role) -> None:
    given = ("--unit", "xa-1", "--name", "Ai đó", "--address", "a@thu.invalid", "--as", "officer.so-noi-vu", *AT)
    staffed.do("contacts", "add", "moi.xa-1", "--role", role.value, "--field", "tcbm", "--field", "tai-chinh", *given)
    row = next(row for row in staffed.read("contacts", "list") if row["key"] == "moi.xa-1")
    assert (row["role"], row["fields"]) == (role.value, "tcbm,tai-chinh")
    wrong = staffed("contacts", "add", "sai", "--role", role.value, "--field", "Tổ chức", *given)
    assert wrong.code == ExitCode.USAGE
    assert "to-chuc" in wrong.err


def test_a_file_of_evidence_by_the_command_line(opened: Dondoc, tmp_path: Path) -> None:
    number, file = of(opened)["id"], tmp_path / "báo cáo.txt"
    file.write_text("Báo cáo\n", encoding="utf-8")
    officer = ("--as", "officer.xa-1", *AT)
    assert opened("evidence", "attach", number, file, "--as", "officer.xa-2", *AT).code == ExitCode.REFUSED
    assert "SHA-256" in opened.do("evidence", "attach", number, file, *officer)
    (row,) = opened.read("evidence", "list", number)
    assert (row["name"], row["contact"]) == ("báo cáo.txt", "officer.xa-1")
    assert opened.read("evidence", "missing", 1) == []
    bad = tmp_path / "a.pdf"
    bad.write_bytes(b"MZ" + bytes(range(256)))
    refused = opened("evidence", "attach", number, bad, *officer)
    assert (refused.code, "loại tệp không nhận" in refused.err) == (ExitCode.REFUSED, True)
    assert opened("evidence", "withdraw", row["id"], "--as", "officer.xa-2", *AT).code == ExitCode.REFUSED
    opened.do("evidence", "withdraw", row["id"], *officer)
    assert opened("evidence", "withdraw", 99, *officer).code == ExitCode.NOT_FOUND
    assert opened.read("evidence", "list", number) == []
    opened.do("verify")


def test_evidence_goes_with_a_backup(opened: Dondoc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.txt"
    file.write_text("a", encoding="utf-8")
    opened.do("evidence", "attach", of(opened)["id"], file, "--as", "officer.xa-1", *AT)
    assert "1 tài liệu kiểm chứng" in opened.do("backup", tmp_path / "b")
    monkeypatch.setenv("DONDOC_HOME", str(tmp_path / "elsewhere"))
    settings.cache_clear()
    assert "1 tài liệu kiểm chứng đã trở lại" in opened.do("restore", tmp_path / "b")
    opened.do("verify")
    for kept in (tmp_path / "elsewhere" / "files").rglob("*"):
        if kept.is_file():
            kept.unlink()
    assert "is missing or was changed" in opened("verify").out


def test_many_terms_are_looked_at_before_they_are_made_longer(opened: Dondoc) -> None:
    words = ("extend-many", 1, "--stage", "plan", "--due", "2025-02-14", *WHY, *AT)
    assert "3/4" in opened(*words, "--as", "officer.so-noi-vu").out  # not what the standing body itself owes
    assert "thêm --apply" in opened.do(*words, "--as", "head.so-noi-vu")
    assert of(opened)["due_on"] == "2025-01-31"
    rows = opened.read(*words, "--as", "head.so-noi-vu", "--unit", "xa-1")
    assert [(row["refused"], row["old_due_on"], len(row["told"])) for row in rows] == [("", "2025-01-31", 2)]
    refused = opened(*words, "--as", "officer.xa-1", "--apply")
    assert refused.code == ExitCode.REFUSED
    assert of(opened)["due_on"] == "2025-01-31"
    opened.do(*words, "--as", "head.so-noi-vu", "--apply")
    assert (of(opened)["due_on"], of(opened, party="xa-2")["due_on"]) == ("2025-02-14", "2025-02-14")


@pytest.mark.parametrize(
    ("words", "entitled"),
    [
        pytest.param(("pause", 1, *WHY), "officer.so-noi-vu", id="pause"),
        pytest.param(("close", 1, *WHY), "head.so-noi-vu", id="close"),
        pytest.param(("cancel", 1, *WHY), "officer.so-noi-vu", id="cancel"),
        pytest.param(("outbox", "hold", "--reason", "x"), "officer.so-noi-vu", id="hold"),
        pytest.param(("outbox", "release", "--reason", "x", "--cycle", 1), "officer.so-noi-vu", id="release"),
    ],
)
def test_the_year_and_its_mail_are_the_coordinators(opened: Dondoc, words: tuple[object, ...], entitled: str) -> None:
    for other in ("head.xa-1", "head.chu-tich"):
        assert opened(*words, "--as", other, *AT).code == ExitCode.REFUSED
    opened.do(*words, "--as", entitled, *AT)


def test_a_year_is_launched_by_the_standing_body_that_its_plan_names(staffed: Dondoc) -> None:
    words = ("launch", staffed.data / "small-plan.yaml", "--authority", "thu", "--year", 2025, "--at", "2025-01-02T09:00")
    refused = staffed(*words, "--as", "head.xa-1")
    assert (refused.code, "cơ quan thường trực" in refused.err) == (ExitCode.REFUSED, True)
    staffed.do(*words, "--as", "head.so-noi-vu")
