"""The document register over the wire: a letter's way, who may not, and what is refused without a trace."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document

from config.calendar_files import shipped_calendar
from documents.asked import tend_asked_papers
from documents.desk import Desk
from evaluation.kinds import Role
from store.files import open_files
from store.verify import verify
from tests.api.browsing import API, problem
from tests.api.working import Office, open_office
from tests.conftest import SMALL_PLAN, launch_small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

    from store.session import Store
    from tests.api.browsing import Browser

BODY = "so-noi-vu"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
GIVEN = {"number": "05/SNV-CCHC", "dated": "2025-02-05"}
ELSEWHERE = {"kind": "CV", "number": "581/BNV-CCHC", "dated": "2025-01-15", "issuer": "Bộ Nội vụ", "summary": "báo cáo định kỳ"}
RUNG = "message: escalation-standing-body, also_by_urging: true"


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Iterator[Office]:
    """The small year on the day on which the urging letter of its late plans was asked for and drafted."""
    calendar = shipped_calendar()
    yaml = SMALL_PLAN.read_text(encoding="utf-8").replace(RUNG, f"{RUNG}, paper: urging-letter")
    year = launch_small(store, now=calendar.instant(date(2025, 1, 2)), calendar=calendar, yaml=yaml)
    now = year.slot(date(2025, 2, 5))
    year.tick(year.slot(date(2025, 2, 3)))
    year.tick(now)
    (tmp_path / "own").mkdir()
    with open_office(year, tmp_path, now=now, paper_templates=str(tmp_path / "own")) as office:
        tend_asked_papers(Desk(store=store, files=open_files(office_files(office), most_bytes=10**7, kinds="pdf,docx"), now=now))
        yield office


def office_files(office: Office) -> str:
    return str(office.app.state.served.settings.files_url)


def sign(who: Browser, paper: int, content: bytes = PDF, name: str = "185.pdf") -> Response:
    headers = {"X-CSRF-Token": who.csrf, "Content-Type": "application/octet-stream"}
    answer: Response = who.client.post(f"{API}/papers/{paper}/sign", params={"name": name}, content=content, headers=headers)
    return answer


def listed(who: Browser, **narrowed: Any) -> list[dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in narrowed.items())
    found: list[dict[str, Any]] = who("GET", f"/papers?{query}").json()["items"]
    return found


def test_a_letter_goes_its_way(office: Office) -> None:
    officer = office.person(BODY)
    (paper,) = listed(officer)
    assert (paper["purpose"], paper["state"]) == ("urging-letter", "draft")
    place = f"/papers/{paper['id']}"
    anew = officer("POST", f"{place}/redraft", {"summary": "đôn đốc nộp kế hoạch"}).json()
    assert (anew["summary"], anew["version"]) == ("đôn đốc nộp kế hoạch", 2)
    assert officer("GET", f"{place}/file").content.startswith(b"PK")
    assert officer("GET", f"{place}/file?version=3").status_code == 404
    assert officer("POST", f"{place}/number", GIVEN).json()["number_text"] == "05/SNV-CCHC"
    assert sign(officer, paper["id"]).json()["state"] == "signed"
    assert officer("GET", f"{place}/file?signed=true").content == PDF
    shown = officer("GET", place).json()
    own = office.obligation("so-noi-vu", "plan", "")
    assert (len(shown["versions"]), shown["obligations"]) == (3, [one for one in office.year.ids("plan") if one != own]), (
        "nobody urges itself"
    )
    assert office.year.actions().count("urge") == len(shown["obligations"])
    assert [one["id"] for one in listed(officer, state="signed", year=2025)] == [paper["id"]]
    assert verify(office.year.store) == []


def test_another_is_drafted_and_discarded_and_one_from_elsewhere_registered(office: Office) -> None:
    officer = office.person(BODY)
    drafted = officer("POST", "/papers", {"cycle": office.year.cycle, "purpose": "criticism", "obligations": office.year.ids("plan")})
    assert (drafted.status_code, drafted.json()["purpose"], drafted.headers["Location"]) == (
        201,
        "criticism",
        f"/api/v1/papers/{drafted.json()['id']}",
    )
    place = f"/papers/{drafted.json()['id']}"
    assert officer("POST", f"{place}/discard", {"reason": ""}).status_code == 422
    assert officer("POST", f"{place}/discard", {"reason": "đã nhắc trực tiếp"}).json()["state"] == "discarded"
    assert problem(officer("POST", f"{place}/redraft", {})) == (409, "paper-state")
    assert officer("POST", "/papers/register", ELSEWHERE).status_code == 201
    assert [one["number_text"] for one in listed(officer, words="định kỳ")] == ["581/BNV-CCHC"]
    again = officer("POST", "/papers/register", ELSEWHERE)
    assert (problem(again), "581/BNV-CCHC" in again.text) == ((409, "paper-state"), True)


@pytest.mark.parametrize(("party", "role"), [("xa-1", Role.OFFICER), ("xa-1", Role.HEAD), ("so-tu-phap", Role.HEAD), (BODY, Role.AUDITOR)])
def test_who_may_not_changes_nothing(office: Office, party: str, role: Role) -> None:
    who, officer = office.person(party, role), office.person(BODY)
    (paper,) = listed(officer)
    place = f"/papers/{paper['id']}"
    tried = [
        who("POST", "/papers", {"cycle": office.year.cycle, "obligations": office.year.ids("plan")}),
        who("POST", f"{place}/redraft", {"summary": "khác"}),
        who("POST", f"{place}/number", GIVEN),
        sign(who, paper["id"]),
        who("POST", f"{place}/discard", {"reason": "thôi"}),
        who("POST", "/papers/register", ELSEWHERE),
    ]
    assert {answer.status_code for answer in tried} <= {403, 404}
    assert listed(officer) == [paper]


def test_a_number_is_given_once_and_only_a_pdf_is_signed(office: Office) -> None:
    officer = office.person(BODY)
    (paper,) = listed(officer)
    first, place = paper["id"], f"/papers/{paper['id']}"
    other = officer("POST", "/papers", {"cycle": office.year.cycle, "obligations": office.year.ids("plan")}).json()["id"]
    assert problem(sign(officer, first)) == (409, "paper-state"), "it has no number yet"
    officer("POST", f"{place}/number", GIVEN)
    taken = officer("POST", f"/papers/{other}/number", GIVEN)
    assert (problem(taken), f"{first}" in taken.json()["detail"]) == ((409, "paper-state"), True)
    assert sign(officer, first, content=b"PK\x03\x04", name="185.pdf").status_code == 422
    assert sign(officer, first, content=b"signed", name="185.exe").status_code == 422
    assert (sign(officer, first, content=b"").status_code, officer("GET", place).json()["state"]) == (422, "numbered")


@pytest.mark.parametrize(
    "body",
    [{}, {"number": "", "dated": "2025-02-05"}, {"number": "5/SNV", "dated": "05/02/2025"}, {**GIVEN, "by": "x"}, {"number": "5/SNV"}],
)
def test_a_number_that_is_none_names_its_field(office: Office, body: dict[str, str]) -> None:
    officer = office.person(BODY)
    (paper,) = listed(officer)
    assert officer("POST", f"/papers/{paper['id']}/number", body).status_code == 422
    assert listed(officer) == [paper]


def test_a_paper_about_nothing_is_refused(office: Office) -> None:
    officer = office.person(BODY)
    assert officer("POST", "/papers", {"cycle": office.year.cycle, "obligations": []}).status_code == 422
    assert officer("POST", "/papers", {"cycle": 999, "obligations": [1]}).status_code == 404
    nothing = officer("POST", "/papers", {"cycle": office.year.cycle, "obligations": [999]})
    assert problem(nothing) == (409, "paper-state")
    report = officer("POST", "/papers", {"cycle": office.year.cycle, "purpose": "report", "obligations": office.year.ids("plan")})
    assert (problem(report), "criticism" in report.text) == ((409, "paper-state"), True)
    assert officer("GET", "/papers/999").status_code == 404


def test_a_template_that_asks_for_an_unknown_field_is_named(office: Office, tmp_path: Path) -> None:
    officer = office.person(BODY)
    (paper,) = listed(officer)
    own = Document()
    own.add_paragraph("Kính gửi {{ ong_ba }}")
    own.save(str(tmp_path / "own" / "urging-letter.docx"))
    refused = officer("POST", f"/papers/{paper['id']}/redraft", {"summary": "khác"})
    assert (refused.status_code, "ong_ba" in refused.text, "urging-letter.docx" in refused.text) == (422, True, True)
    assert listed(officer) == [paper]
