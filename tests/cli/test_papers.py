"""Papers by the command line: drafted by a tick, drafted anew, numbered, signed, discarded, registered; and what is refused."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document

from cli.errors import ExitCode
from config.settings import settings
from tests.cli.conftest import AT as LAUNCHED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Dondoc

OFFICER, UNIT = ("--as", "officer.so-noi-vu"), ("--as", "officer.xa-1")
AT = ("--at", "2025-02-05T09:00")
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
CYCLE = "small-plan/2025"
RUNG = "message: escalation-standing-body, also_by_urging: true"


@pytest.fixture
def launched(staffed: Dondoc, tmp_path: Path) -> Dondoc:
    """The small year whose ladder leaves an urging letter after three working days."""
    plan = tmp_path / "plans" / "small-plan.yaml"
    plan.parent.mkdir()
    shutil.copy(staffed.data / "small-roster.yaml", plan.parent)
    text = (staffed.data / "small-plan.yaml").read_text(encoding="utf-8")
    plan.write_text(text.replace(RUNG, f"{RUNG}, paper: urging-letter"), encoding="utf-8")
    staffed.do("launch", plan, "--authority", "thu", "--year", 2025, *OFFICER, *LAUNCHED)
    return staffed


@pytest.fixture
def late(launched: Dondoc) -> Dondoc:
    """That year on the day on which the letter is asked for: every plan is late."""
    launched.do("tick", "--at", "2025-02-03T07:30")
    assert papers(launched) == []
    launched.do("tick", "--at", "2025-02-05T07:30")
    return launched


def papers(dondoc: Dondoc) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = dondoc.read("papers", "list")
    return found


def pdf(tmp_path: Path, content: bytes = PDF) -> Path:
    path = tmp_path / "185.pdf"
    path.write_bytes(content)
    return path


def test_a_tick_by_hand_drafts_what_its_rungs_asked_for_once(late: Dondoc) -> None:
    (paper,) = papers(late)
    assert (paper["purpose"], paper["state"], paper["issuer"]) == ("urging-letter", "draft", "so-noi-vu")
    (asked,) = late.read("papers", "list", "--asked")
    assert asked["paper"] == paper["id"]
    late.do("tick", "--at", "2025-02-05T08:00")
    assert len(papers(late)) == 1
    assert late.do("verify")


def test_days_of_ticks_by_hand_draft_too(launched: Dondoc) -> None:
    launched.do("tick", "--from", "2025-02-04", "--to", "2025-02-06")
    assert [(paper["purpose"], paper["at"][:10]) for paper in papers(launched)] == [("urging-letter", "2025-02-05")]


def test_a_paper_goes_its_way(late: Dondoc, tmp_path: Path) -> None:
    ident = papers(late)[0]["id"]
    late.do("papers", "redraft", ident, *OFFICER, *AT, "--summary", "đôn đốc nộp kế hoạch", "--signer", "Lê Thị Mẫu")
    shown = late.read("papers", "show", ident)
    assert (shown["paper"]["summary"], len(shown["versions"]), bool(shown["about"])) == ("đôn đốc nộp kế hoạch", 2, True)
    target = tmp_path / "du-thao.docx"
    late.do("papers", "file", ident, target)
    assert target.read_bytes().startswith(b"PK")
    late.do("papers", "number", ident, *OFFICER, *AT, "--number", "05/SNV-CCHC", "--dated", "2025-02-05")
    late.do("papers", "sign", ident, pdf(tmp_path), *OFFICER, *AT)
    (paper,) = papers(late)
    assert (paper["state"], paper["number_text"], paper["signed_sha256"] is not None) == ("signed", "05/SNV-CCHC", True)
    late.do("papers", "file", ident, target, "--signed")
    assert target.read_bytes() == PDF
    assert late.read("papers", "list", "--asked") == []
    assert late.do("verify")


def test_another_letter_is_drafted_discarded_and_one_from_elsewhere_registered(late: Dondoc) -> None:
    about = late.read("papers", "show", papers(late)[0]["id"])["about"]
    late.do("papers", "draft", CYCLE, *about, *OFFICER, *AT, "--purpose", "criticism")
    ident = papers(late)[0]["id"]
    refused = late("papers", "discard", ident, *OFFICER, *AT)
    assert refused.code != ExitCode.OK
    late.do("papers", "discard", ident, *OFFICER, *AT, "--reason", "Chủ tịch đã nhắc trực tiếp")
    assert (papers(late)[0]["state"], papers(late)[0]["reason"]) == ("discarded", "Chủ tịch đã nhắc trực tiếp")
    issued = ("--kind", "CV", "--issuer", "Bộ Nội vụ", "--summary", "báo cáo định kỳ", "--dated", "2025-01-15")
    late.do("papers", "register", "581/BNV-CCHC", *OFFICER, *AT, *issued)
    assert [paper["number_text"] for paper in late.read("papers", "list", "--search", "định kỳ")] == ["581/BNV-CCHC"]
    again = late("papers", "register", "581/BNV-CCHC", *OFFICER, *AT, *issued)
    assert (again.code, "581/BNV-CCHC" in again.err) == (ExitCode.REFUSED, True)


def test_what_is_wrong_is_refused_and_changes_nothing(late: Dondoc, tmp_path: Path) -> None:
    ident = papers(late)[0]["id"]
    before = late.read("papers", "show", ident)
    wrong = {
        ("papers", "sign", ident, pdf(tmp_path), *OFFICER, *AT): "dự thảo",  # it has no number yet
        ("papers", "draft", CYCLE, 1, *OFFICER, *AT, "--purpose", "report"): "urging-letter",
        ("papers", "show", 999): "999",
        ("papers", "redraft", ident, *UNIT, *AT, "--summary", "khác"): "",
        ("papers", "number", ident, *UNIT, *AT, "--number", "1/SNV-CCHC"): "",
        ("papers", "discard", ident, *UNIT, *AT, "--reason", "thôi"): "",
        ("papers", "draft", CYCLE, 1, *UNIT, *AT): "",
    }
    for words, named in wrong.items():
        done = late(*words)
        assert (done.code != ExitCode.OK, named in done.err) == (True, True), (words, done)
    assert late.read("papers", "show", ident) == before


def test_only_a_pdf_is_a_signed_paper_and_a_number_is_given_once(late: Dondoc, tmp_path: Path) -> None:
    first = papers(late)[0]["id"]
    about = late.read("papers", "show", first)["about"]
    late.do("papers", "draft", CYCLE, *about, *OFFICER, *AT)
    second = papers(late)[0]["id"]
    late.do("papers", "number", first, *OFFICER, *AT, "--number", "05/SNV-CCHC", "--dated", "2025-02-05")
    taken = late("papers", "number", second, *OFFICER, *AT, "--number", "05/SNV-CCHC", "--dated", "2025-02-05")
    assert (taken.code, f"{first}" in taken.err) == (ExitCode.REFUSED, True)
    late.do("papers", "number", second, *OFFICER, *AT)
    assert papers(late)[0]["number_text"].startswith("06/")
    refused = late("papers", "sign", first, pdf(tmp_path, b"PK not a pdf"), *OFFICER, *AT)
    assert (refused.code, "pdf" in refused.err) == (ExitCode.REFUSED, True)
    assert late.read("papers", "show", first)["paper"]["state"] == "numbered"


def test_a_template_that_asks_for_an_unknown_field_is_named(late: Dondoc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = Document()
    own.add_paragraph("Kính gửi {{ ong_ba }}")
    own.save(str(tmp_path / "urging-letter.docx"))
    monkeypatch.setenv("DONDOC_PAPER_TEMPLATES", str(tmp_path))
    settings.cache_clear()
    ident = papers(late)[0]["id"]
    refused = late("papers", "redraft", ident, *OFFICER, *AT)
    assert (refused.code, "urging-letter.docx" in refused.err, "ong_ba" in refused.err) == (ExitCode.REFUSED, True, True)
    assert len(late.read("papers", "show", ident)["versions"]) == 1
