"""Survey and council over the wire and on pages: the public ballot, an operator's form, files, a session from its votes to scores."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

import pytest

from evaluation.kinds import Role
from store.schema import KEYED_REQUEST
from store.verify import verify
from tests.api.test_inspections import PAGE, do, page, read, send
from tests.api.working import Office, open_office
from tests.store.surveying import QUESTIONS, Surveyed, surveyed_year

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.session import Store
    from tests.api.browsing import Browser

BODY = "so-noi-vu"
CITIZEN = {"unit": "xa-1", "respondents": "Người dân", "count": 1}


@pytest.fixture
def year(store: Store) -> Surveyed:
    return surveyed_year(store)


@pytest.fixture
def office(year: Surveyed, tmp_path: Path) -> Iterator[Office]:
    with open_office(year, tmp_path, now=year.noon) as office:
        yield office


def post(who: Browser, path: str, body: Any, *, status: int = 200) -> Any:
    answer = who("POST", path, body)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_ballot_is_opened_by_its_code_and_sent_once_by_somebody_unknown(office: Office, year: Surveyed) -> None:
    who = office.person(BODY)
    made = who("POST", f"/cycles/{year.cycle}/survey/codes", CITIZEN, **{"Idempotency-Key": "k1"}).json()
    (link,) = made["links"]
    path = link[link.index("/ballot/") :]
    guest = office.person("xa-2")  # somebody signed in is asked no more than anybody
    shown = guest.client.get(path, headers=PAGE)
    assert shown.status_code == 200
    assert "script-src" not in shown.headers["Content-Security-Policy"]
    assert "<script" not in shown.text
    assert "Có hài lòng không?" in shown.text
    empty = guest.client.post(path, data={"elsewhere": "yes"}, headers=PAGE)
    assert (empty.status_code, "chưa trả lời câu d1" in empty.text) == (422, True)
    own = guest.client.post(path, data={"a:d1": "B"}, headers=PAGE)
    assert (own.status_code, "không ai đánh giá đơn vị mình" in own.text, 'value="B" checked' in own.text) == (422, True, True)
    sent = guest.client.post(path, data={"a:d1": "B", "elsewhere": "yes"}, headers=PAGE)
    assert "Đã gửi phiếu" in sent.text
    for again in (guest.client.get(path, headers=PAGE), guest.client.post(path, data={"a:d1": "A", "elsewhere": "yes"}, headers=PAGE)):
        assert (again.status_code, "mã này đã được dùng" in again.text) == (409, True)
    assert guest.client.get("/ballot/AAAABBBBCCCCDDDD", headers=PAGE).status_code == 404
    typed = guest.client.post("/ballot", data={"code": made["codes"][0].lower()}, headers=PAGE, follow_redirects=False)
    assert typed.headers["location"] == path.replace("-", "")
    counted = next(one for one in read(who, f"/cycles/{year.cycle}/survey")["units"] if one["unit"] == "xa-1")
    assert counted["counts"]["Người dân"] == {"planned": 2, "issued": 1, "returned": 1, "valid": 1}


def test_the_answer_with_the_codes_is_not_kept(office: Office, year: Surveyed) -> None:
    made = office.person(BODY)("POST", f"/cycles/{year.cycle}/survey/codes", CITIZEN, **{"Idempotency-Key": "k1"}).json()
    assert year.scalar(f"SELECT count(*) FROM {KEYED_REQUEST.name}") == 0  # noqa: S608
    assert made["codes"][0].replace("-", "") not in (year.store.file.read_bytes().decode("latin-1"))


def test_a_survey_from_its_questions_to_its_points(office: Office, year: Surveyed) -> None:
    who, other, cycle = office.person(BODY), office.person("xa-1", Role.HEAD), f"/cycles/{year.cycle}/survey"
    assert post(who, f"{cycle}/questions", {"yaml": QUESTIONS.replace("Phối hợp", "Cộng tác")}) == {"version": 2}
    assert post(who, f"{cycle}/sample", {"quotas": {"Công chức": 1, "Người dân": 1}}) == {"planned": 4}
    assert post(who, f"{cycle}/papers", {**CITIZEN, "count": 4}) == {"issued": 4}
    paper = {"number": "1", "unit": "xa-1", "respondents": "Người dân", "answers": {"d1": "A"}}
    assert post(who, f"{cycle}/ballots", paper) == {"valid": True}
    assert "Phiếu số 1 đã được nhập" in post(who, f"{cycle}/ballots", paper, status=422)["detail"]
    csv = "id,unit,set,c1,c2,d1\n1,xa-1,cong-chuc,A,A,\n2,xa-2,cong-chuc,B,B,\n3,xa-2,nguoi-dan,,,C\n"
    bad = post(
        who,
        f"{cycle}/import",
        {"file": base64.b64encode(b"id,unit,set,c1,c2,d1\n1,xa-1,nguoi-dan,,,Q\n").decode(), "name": "a.csv"},
        status=422,
    )
    assert bad["errors"][0]["where"] == "a.csv:F2"
    assert post(who, f"{cycle}/import", {"file": base64.b64encode(csv.encode()).decode(), "name": "a.csv"}) == {
        "ballots": 3,
        "unfinished": 0,
    }
    for path, body in (("close", {}), ("codes", CITIZEN), ("ballots", paper)):
        assert other("POST", f"{cycle}/{path}", body).status_code == 403
    assert post(who, f"{cycle}/close", {})["units"] == 2
    send(who, page(who, cycle), f"{cycle}/reopen", reason="sót phiếu")
    assert "Chốt số liệu điều tra" in page(who, cycle)
    assert post(who, f"{cycle}/close", {})["units"] == 2
    units = {one["unit"]: one["points"] for one in read(who, cycle)["units"]}
    assert units == {"xa-1": {"1.2": "4"}, "xa-2": {"1.2": "1.8"}}


def test_the_pages_of_the_survey_show_and_do_the_same(office: Office, year: Surveyed) -> None:
    who, path = office.person(BODY), f"/cycles/{year.cycle}/survey"
    shown = page(who, path)
    fields: dict[str, Any] = {"number": "7", "unit": "xa-1", "from_unit": "xa-1", "a:nguoi-dan:d1": "A", "respondents": "nguoi-dan"}
    assert "không ai đánh giá đơn vị mình" in send(who, shown, f"{path}/ballots", status=422, **fields)
    send(who, shown, f"{path}/ballots", **{**fields, "from_unit": ""})
    codes = send(who, page(who, path), f"{path}/codes", status=200, unit="xa-2", respondents="nguoi-dan", count="2")
    assert len(re.findall(r"data:image/svg\+xml;base64,", codes)) == 2
    refused = who.client.post(f"{path}/file/ballots?name=a.csv", content=b"id,unit\n1,xa-9\n", headers={**PAGE, "X-CSRF-Token": who.csrf})
    assert (refused.status_code, "A1" in refused.text) == (422, True)
    assert "không có phiếu hợp lệ nào" in send(who, page(who, path), f"{path}/close", status=422)
    plain = page(office.person("xa-1"), "/ballot")
    assert "Mã trên giấy mời" in plain


def test_a_council_from_its_members_to_a_settled_score(office: Office, year: Surveyed) -> None:
    who, (council,) = office.person(BODY, Role.HEAD), year.ids("council")
    path = f"/obligations/{council}/council"
    members = [{"contact": "head.so-noi-vu", "post": "chair"}, {"contact": "head.xa-1"}, {"contact": "head.so-tu-phap"}]
    do(who, office, f"{path}/members", {"decision": "12/QĐ", "members": members}, of=council)
    do(who, office, f"{path}/sessions", {"held_on": "2025-01-10", "present": ["head.so-noi-vu"]}, of=council)
    do(who, office, f"{path}/matters", {"session": 1, "words": "Điểm 1.1", "unit": "xa-1", "scores": {"1.1": "4,5"}}, of=council)
    match = {"If-Match": f'"{office.moves(council)}"'}
    votes = [{"contact": "head.xa-1", "choice": "for", "how": "writing"}]
    refused = who("POST", f"{path}/votes", {"session": 1, "matter": 1, "votes": votes}, **match)
    assert (refused.status_code, "đơn vị mình" in refused.text) == (422, True)
    votes = [{"contact": "head.so-noi-vu", "choice": "for"}]
    do(who, office, f"{path}/votes", {"session": 1, "matter": 1, "votes": votes}, of=council)
    match = {"If-Match": f'"{office.moves(council)}"'}
    refused = who("POST", f"{path}/resolve", {"session": 1, "matter": 1}, **match)
    assert (refused.status_code, "1 trên 2 thành viên" in refused.text) == (422, True)
    shown = page(who, f"/councils/{council}")
    fields: dict[str, Any] = {"session": "1", "matter": "1", "v:head.so-tu-phap": "for:writing"}
    send(who, shown, f"/councils/{council}/votes", **fields)
    recommendations = [{"text": "Tập huấn", "to": "so-tu-phap"}]
    do(who, office, f"{path}/resolve", {"session": 1, "matter": 1, "recommendations": recommendations}, of=council)
    do(who, office, f"{path}/minutes", {"session": 1, "number": "3/BB"}, of=council)
    (matter,) = read(who, path)["sessions"][0]["matters"]
    assert (matter["outcome"], matter["recommendations"][0]["text"], len(matter["votes"])) == ("carried", "Tập huấn", 2)
    assert year.scalar("SELECT final FROM score") == "4.5"
    assert "Thông qua" in page(who, f"/cycles/{year.cycle}/council")
    stranger = office.person("xa-1", Role.HEAD)
    assert stranger("GET", path).status_code in {403, 404}
    assert who("GET", f"/obligations/{year.ids('survey')[0]}/council").status_code == 404
    assert verify(year.store) == []


def test_who_runs_the_survey_for_somebody_enters_its_ballots_and_sees_nothing_else(office: Office, year: Surveyed) -> None:
    runner, stranger = office.person(BODY, Role.SURVEY_RUNNER), office.person("so-tu-phap", Role.SURVEY_RUNNER)
    coordinator, path = office.person(BODY), f"/cycles/{year.cycle}/survey"
    post(coordinator, f"{path}/papers", {**CITIZEN, "count": 4})
    paper = {"number": "1", "unit": "xa-1", "respondents": "Người dân", "answers": {"d1": "A"}}
    assert post(runner, f"{path}/ballots", paper) == {"valid": True}
    assert next(one for one in read(runner, path)["units"] if one["unit"] == "xa-1")["counts"]["Người dân"]["valid"] == 1
    shown = page(runner, path)
    assert ("Nhập phiếu giấy" in shown, "Chốt số liệu điều tra" in shown) == (True, False)
    stages = {one["stage"] for one in read(runner, "/obligations")["items"]}
    assert stages == {"survey"}
    for refused in ("/journal", f"/cycles/{year.cycle}/status", f"/cycles/{year.cycle}/results", "/criteria", "/papers", "/people"):
        answer = runner("GET", refused)
        assert answer.status_code in {403, 404} or not answer.json()["items"], refused
    for verb, body in (("close", {}), ("reopen", {"reason": "sót phiếu"}), ("codes", CITIZEN)):
        assert runner("POST", f"{path}/{verb}", body).status_code == 403
    assert stranger("GET", path).status_code in {403, 404}
    assert stranger("POST", f"{path}/ballots", {**paper, "number": "2"}).status_code in {403, 404}


def signed_in(year: Surveyed, party: str) -> str:
    """The key of a head who has an account."""
    return str(year.scalar(f"SELECT key FROM contact WHERE account_id IS NOT NULL AND address = 'head.{party}@thu.invalid'"))  # noqa: S608


def test_a_member_reads_votes_and_declares_on_a_page_of_their_own(office: Office, year: Surveyed) -> None:
    who, member, (council,) = office.person(BODY, Role.HEAD), office.person("so-tu-phap", Role.HEAD), year.ids("council")
    path, here = f"/obligations/{council}/council", f"/councils/{council}"
    assert member("GET", path).status_code in {403, 404}
    own_unit = office.person("xa-1", Role.HEAD)
    named = {party: signed_in(year, party) for party in ("so-tu-phap", "xa-1")}
    members = [{"contact": "head.so-noi-vu", "post": "chair"}, *({"contact": key} for key in named.values())]
    do(who, office, f"{path}/members", {"decision": "12/QĐ", "members": members}, of=council)
    session = {"held_on": "2025-01-10", "present": ["head.so-noi-vu"], "votes_by": "2025-01-20"}
    do(who, office, f"{path}/sessions", session, of=council)
    for unit in ("xa-1", "xa-2"):
        do(who, office, f"{path}/matters", {"session": 1, "words": "Điểm 1.1", "unit": unit, "scores": {"1.1": "4,5"}}, of=council)
    assert (read(member, path)["sessions"][0]["takes_votes"], len(read(member, f"{path}/units")["items"])) == (True, 2)
    assert [one["proposed"] for one in read(member, f"{path}/units/xa-2")["lines"] if one["proposed"]] == ["4.5"]
    for at, words in ((f"{here}/units/xa-2", "4.5"), ("/", "phiên 1, 2 nội dung chưa bỏ phiếu"), (here, "Phiếu của tôi")):
        assert words in page(member, at)
    assert member.client.get(f"/cycles/{year.cycle}/council", headers=PAGE, follow_redirects=False).headers["location"] == here
    shown = page(member, here)
    fields: dict[str, Any] = {"session": "1", "matter": "2", "choice": "against"}
    do(who, office, f"{path}/votes", {"session": 1, "matter": 2, "votes": [{"contact": "head.so-noi-vu", "choice": "for"}]}, of=council)
    send(member, shown, f"{here}/own-vote", **fields)  # as it was seen before somebody else voted
    post(member, f"{path}/own-vote", {"session": 1, "matter": 2, "choice": "for"})
    for at, words in ((here, 'aria-pressed="true">Tán thành'), ("/", "phiên 1, 1 nội dung chưa bỏ phiếu")):
        assert words in page(member, at)
    send(member, page(member, here), f"{here}/own-conflict", unit="xa-1", reason="người thân")
    refused = post(member, f"{path}/own-vote", {"session": 1, "matter": 1, "choice": "for"}, status=422)
    assert "đã khai xung đột lợi ích" in refused["detail"]
    assert member("POST", f"{path}/resolve", {"session": 1, "matter": 2}, **{"If-Match": '"9"'}).status_code == 403
    assert "Anh/chị không biểu quyết về đơn vị này" in page(own_unit, here)
    do(who, office, f"{path}/conflicts", {"contact": named["xa-1"], "unit": "xa-2", "reason": "nguyên Chủ tịch xã"}, of=council)
    do(who, office, f"{path}/resolve", {"session": 1, "matter": 2}, of=council)
    do(who, office, f"{path}/close-session", {"session": 1}, of=council)
    assert (year.scalar("SELECT final FROM score"), verify(year.store)) == ("4.5", [])
    fields = {"purpose": "minutes", "council": str(council), "session": "1"}
    send(who, page(who, here), f"/cycles/{year.cycle}/result-papers", **fields)
    assert "Biên bản" in page(who, "/papers/1")
    asked = {"cycle": year.cycle, "purpose": "self-assessment-report", "unit": "xa-1"}
    assert post(who, "/papers/results", asked, status=201)["issuer"] == "xa-1"
    assert office.person("xa-2", Role.HEAD)("POST", "/papers/results", asked).status_code == 403
    own = office.obligation("xa-1", "self-assessment")
    assert own_unit("GET", f"/obligations/{own}/sheet.docx").content[:2] == b"PK"
    stranger = office.person("xa-2", Role.HEAD)
    for hidden in (path, f"{path}/units", f"{path}/units/xa-1"):
        assert stranger("GET", hidden).status_code in {403, 404}
    assert stranger("POST", f"{path}/own-vote", {"session": 1, "matter": 1, "choice": "for"}).status_code in {403, 404}


def council_with_a_member_of(year: Surveyed, office: Office, unit: str) -> str:
    """The path of a council with somebody of a unit among its members: of both units a score is settled, another proposed."""
    who, (council,), there = office.person(BODY, Role.HEAD), year.ids("council"), ["head.so-noi-vu", signed_in(year, unit)]
    path = f"/obligations/{council}/council"
    members = [{"contact": key, "post": post} for key, post in zip(there, ("chair", "member"), strict=True)]
    do(who, office, f"{path}/members", {"decision": "12/QĐ", "members": members}, of=council)
    do(who, office, f"{path}/sessions", {"held_on": "2025-01-10", "present": there}, of=council)
    for number, (about, leaf) in enumerate(((about, leaf) for about in ("xa-1", "xa-2") for leaf in ("1.1", "1.2")), start=1):
        matter = {"session": 1, "words": "Điểm", "unit": about, "scores": {leaf: "3,7"}, "why": "xem biên bản"}
        do(who, office, f"{path}/matters", matter, of=council)
        if leaf == "1.1":
            votes = [{"contact": key, "choice": "for"} for key in (there[:1] if about == unit else there)]
            do(who, office, f"{path}/votes", {"session": 1, "matter": number, "votes": votes}, of=council)
            do(who, office, f"{path}/resolve", {"session": 1, "matter": number}, of=council)
    return path


def test_a_member_reads_of_their_own_unit_no_more_than_the_unit_does(office: Office, year: Surveyed) -> None:
    member, boss, (council,) = office.person("xa-1", Role.HEAD), office.person(BODY, Role.HEAD), year.ids("council")
    path, here = council_with_a_member_of(year, office, "xa-1"), f"/councils/{council}"

    def told(who: Browser) -> list[tuple[str, str, str, str, bool]]:
        listed = read(who, f"{path}/units")["items"]
        sheets = {one["unit"]: read(who, f"{path}/units/{one['unit']}") for one in listed}
        brought = {one["unit"]: one for one in read(who, path)["sessions"][0]["matters"]}
        return [
            (one["index"], sheet["index"], *(line[what] for line, what in zip(leaves, ("final", "proposed"), strict=True)), said["hidden"])
            for one in listed
            for sheet, said in [(sheets[one["unit"]], brought[one["unit"]])]
            for leaves in [[line for line in sheet["lines"] if line["depth"]]]
        ]

    whole = ("37", "37", "3.7", "3.7", False)
    assert told(boss) == [whole, whole]
    assert told(member) == [("", "0", None, "", True), whole]
    assert [(one["scores"], one["why"]) for one in read(member, path)["sessions"][0]["matters"][:2]] == [({}, ""), ({}, "")]
    assert "3.7" not in page(member, f"{here}/units/xa-1") + page(member, f"{here}/units/xa-1").replace(",", ".")
    assert "xem được khi đơn vị được xem" in page(member, f"{here}/units/xa-1")
    assert page(member, here).count("xem được khi đơn vị được xem") == 2
    at_once = {"reason": "Quy chế", "survey_held": True, "appraised_scores_shown": "at_once"}
    assert boss("POST", f"/cycles/{year.cycle}/result-rules", at_once).status_code == 200
    assert told(member) == [whole, whole]


def test_journal_and_rights_call_them_by_their_names(office: Office, year: Surveyed) -> None:
    who = office.person(BODY)
    assert "lập phương án mẫu điều tra" in page(who, "/journal")
    assert "điều hành, ghi kết quả Hội đồng" in page(who, "/rights")
