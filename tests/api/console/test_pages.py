from __future__ import annotations

import ast
import re
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from api.console.catalogues import english, extracted
from api.console.icons import ICONS
from api.console.rendering import TEMPLATES
from evaluation.kinds import Role
from store.schema import PARTY
from tests.api.conftest import MIDWAY, counted_queries, launch_again
from tests.api.working import Office, open_office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.session import Store
    from tests.api.browsing import Browser
    from tests.api.conftest import Web
    from tests.conftest import SmallYear

PAGE = {"Accept": "text/html"}


@pytest.fixture
def office(small_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    now = small_year.slot(date(2025, 1, 7))
    small_year.tick(now)
    with open_office(small_year, tmp_path, now=now) as office:
        yield office


def seen(who: Browser, path: str) -> str:
    answer = who.client.get(path, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def field(page: str, name: str, *, form: str) -> str:
    part = page[page.index(f'action="{form}"') :]
    found = re.search(rf'name="{name}" value="([^"]*)"', part)
    assert found is not None
    return found[1]


def send(who: Browser, form: str, page: str, **fields: str) -> tuple[int, str, str]:
    """What came of a form of a page: status, where it leads, what it shows."""
    hidden = {name: field(page, name, form=form) for name in ("csrf", "moves", "once")}
    answer = who.client.post(form, data=hidden | fields, headers=PAGE, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", ""), answer.text


def test_what_waits_for_me_comes_first(office: Office) -> None:
    page = seen(office.person("xa-1"), "/")
    mine = page[page.index("Việc đang chờ anh/chị") :]
    assert f'href="/obligations/{office.obligation("xa-1")}"' in mine
    assert f'href="/obligations/{office.obligation("xa-2")}"' not in page
    assert re.search(r"Còn \d+ ngày làm việc, đến hết thứ Sáu 31/01/2025", mine)


def test_the_coordinator_sees_the_year(office: Office) -> None:
    page = seen(office.person("so-noi-vu"), "/")
    assert "Quá hạn" in page
    assert "Thư đang giữ" in page
    assert 'href="/outbox"' in page
    assert 'href="/outbox"' not in seen(office.person("xa-1"), "/")


def test_the_matrix_holds_what_one_may_read(office: Office) -> None:
    cycle = office.year.cycle
    whole, own = seen(office.person("so-noi-vu"), f"/cycles/{cycle}"), seen(office.person("xa-1"), f"/cycles/{cycle}")
    one, other = (f'href="/obligations/{office.obligation(unit)}"' for unit in ("xa-1", "xa-2"))
    assert one in whole
    assert other in whole
    assert one in own
    assert other not in own


def test_work_is_done_with_the_forms_of_the_page(office: Office) -> None:
    officer, head = office.person("xa-1"), office.person("xa-1", Role.HEAD)
    ident = office.obligation("xa-1")
    path = f"/obligations/{ident}"
    page = seen(officer, path)
    assert send(officer, f"{path}/prepare", page)[:2] == (303, f"{path}?done=prepare")
    assert "Đã trình lãnh đạo." in seen(officer, f"{path}?done=prepare")
    status, led, _ = send(head, f"{path}/submit", seen(head, path), text="Kế hoạch đã ban hành", document="12/KH-UBND ngày 07/01/2025")
    assert (status, led) == (303, f"{path}?done=submit")
    assert "12/KH-UBND ngày 07/01/2025" in seen(head, path)


def test_a_form_sent_twice_is_done_once(office: Office) -> None:
    officer, ident = office.person("xa-1"), office.obligation("xa-1")
    path = f"/obligations/{ident}"
    page = seen(officer, path)
    before = office.moves(ident)
    assert [send(officer, f"{path}/prepare", page)[0] for _ in range(2)] == [303, 303]
    assert office.moves(ident) == before + 1


def test_a_stale_page_shows_what_is_and_keeps_what_was_written(office: Office) -> None:
    officer, head = office.person("xa-1"), office.person("xa-1", Role.HEAD)
    path = f"/obligations/{office.obligation('xa-1')}"
    send(officer, f"{path}/prepare", seen(officer, path))
    page = seen(head, path)
    send(head, f"{path}/send-back", page, reason="thiếu phụ lục")
    status, _, shown = send(head, f"{path}/submit", page, text="Đoạn văn dài đã viết")
    assert status == 422
    assert "Có người vừa thay đổi" in shown
    assert "Trang đang hiện tình trạng mới nhất" in shown
    assert "Đoạn văn dài đã viết" in shown
    assert "thiếu phụ lục" in shown
    assert "ETag" not in shown
    meanwhile = re.findall(r"<li><strong>([^<]*)</strong>: ([^<]*)</li>", shown)
    assert [who for who, _ in meanwhile] == ["Cán bộ thử, người đứng đầu, Xã 001 (tên chưa có nguồn)"]
    assert re.fullmatch(r"chưa duyệt, .*07/01/2025\. thiếu phụ lục", meanwhile[0][1])


def test_what_is_missing_stands_beside_its_field(office: Office) -> None:
    body = office.person("so-noi-vu")
    path = f"/obligations/{office.obligation('xa-1')}"
    status, _, shown = send(body, f"{path}/waive", seen(body, path), reason=" ", basis="QĐ 1/UBND")
    assert status == 422
    assert 'aria-invalid="true"' in shown
    assert 'value="QĐ 1/UBND"' in shown


def test_a_paper_without_its_number_is_refused_beside_its_field(office: Office) -> None:
    body, path = office.person("so-noi-vu"), f"/obligations/{office.obligation('xa-1')}"
    office.do(office.person("xa-1"), office.obligation("xa-1"), "prepare")
    page = seen(body, path)
    status, _, shown = send(body, f"{path}/submit", page, received_on="2025-01-06", text="nội dung đã viết", document="")
    assert status == 422
    assert "phải có số, ngày của văn bản" in re.search(r'id="submit-document-fault">([^<]*)', shown)[1]  # type: ignore[index]
    assert re.search(r'id="submit-document"[^>]*aria-invalid="true"', shown)
    assert "nội dung đã viết" in shown
    assert 'value="2025-01-06"' in shown


def test_the_standing_body_is_not_offered_to_excuse_itself(office: Office) -> None:
    own = f"/obligations/{office.obligation('so-noi-vu')}"
    form = f'action="{own}/waive"'
    assert form not in seen(office.person("so-noi-vu"), own)
    assert form in seen(office.person("chu-tich", Role.HEAD), own)
    head = office.person("so-noi-vu", Role.HEAD)
    page = seen(head, own)
    assert re.search(r'id="waive-basis"[^>]* required', page)
    assert "thay cho Chủ tịch" in page
    status, _, shown = send(head, f"{own}/waive", page, reason="lý do đã viết", basis="")
    assert (status, "lý do đã viết" in shown) == (422, True)
    assert re.search(r'id="waive-basis"[^>]*aria-invalid="true"', shown)
    assert send(head, f"{own}/waive", page, reason="x", basis="CV 9/UBND ngày 06/01/2025")[0] == 303


def test_an_expired_session_leads_back_to_the_page_of_the_form(office: Office) -> None:
    officer = office.person("xa-1")
    path = f"/obligations/{office.obligation('xa-1')}"
    page = seen(officer, path)
    officer("DELETE", "/session")
    headers = {**PAGE, "Referer": f"http://127.0.0.1:8000{path}"}
    answer = officer.client.post(
        f"{path}/prepare", data={"csrf": field(page, "csrf", form=f"{path}/prepare")}, headers=headers, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={path}")


def test_a_form_without_its_token_is_refused(office: Office) -> None:
    officer, ident = office.person("xa-1"), office.obligation("xa-1")
    answer = officer.client.post(f"/obligations/{ident}/prepare", data={"moves": str(office.moves(ident))}, headers=PAGE)
    assert answer.status_code == 403


def test_whoever_has_not_signed_in_looks_at_sandboxes_and_changes_nothing(web: Web, small_year: SmallYear, store: Store) -> None:
    launch_again(store, key="that", sandbox=False)
    client = web.at(MIDWAY)
    for path in ("/", f"/cycles/{small_year.cycle}"):
        page = client.get(path, headers=PAGE).text
        assert "Môi trường thử nghiệm" in page
        assert "UBND that" not in page
        assert 'name="csrf" value=""' in page or 'name="csrf"' not in page
    assert client.get(f"/cycles/{small_year.cycle + 1}", headers=PAGE).status_code == 404


@pytest.mark.parametrize("path", ["/", "/cycles/1", "/sign-in"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_nothing_comes_from_elsewhere_and_nothing_is_inline(web: Web, small_year: SmallYear, path: str, lang: str) -> None:
    answer = web.at(MIDWAY).get(f"{path}?lang={lang}", headers=PAGE)
    assert f'<html lang="{lang}">' in answer.text
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', answer.text)
    assert " style=" not in answer.text
    assert not re.search(r"<script(?![^>]*\bsrc=)", answer.text)
    assert not re.search(r"\son\w+=", answer.text)
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy


def test_a_name_is_escaped(web: Web, small_year: SmallYear, store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(update(PARTY).where(PARTY.c.key == "xa-1").values(name="<b>Xã 1</b>"))
    page = web.at(MIDWAY).get(f"/cycles/{small_year.cycle}", headers=PAGE).text
    assert "<b>Xã 1</b>" not in page
    assert "&lt;b&gt;Xã 1&lt;/b&gt;" in page


def test_no_word_hides_from_the_catalogue() -> None:
    """What is said inside an f-string is never taken up, and has no English."""
    for path in sorted(TEMPLATES.parent.glob("*.py")):
        strings = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.JoinedStr)]
        calls = [one for string in strings for one in ast.walk(string) if isinstance(one, ast.Call)]
        hidden = [
            ast.unparse(one)
            for one in calls
            if ast.unparse(one.func).rpartition(".")[2] in {"say", "N_"} and isinstance(one.args[0], ast.Constant)
        ]
        assert hidden == [], path.name


def test_every_word_has_its_english() -> None:
    known = english()
    lacking = [one.id for one in extracted() if one.id and not (known.get(one.id) and known.get(one.id).string)]  # type: ignore[union-attr]
    assert lacking == []


def test_every_icon_is_used_and_every_used_one_is_there() -> None:
    templates = "".join(path.read_text() for path in TEMPLATES.glob("*.html"))
    code = "".join(path.read_text() for path in TEMPLATES.parent.glob("*.py") if path.name != "icons.py")
    assert set(re.findall(r'icon\("([\w-]+)"', templates)) <= set(ICONS)
    assert [name for name in ICONS if f'"{name}"' not in templates + code] == []


def test_the_matrix_takes_as_many_queries_for_many_units_as_for_few(office: Office) -> None:
    body, unit = office.person("so-noi-vu"), office.person("xa-1")
    counts = []
    for who in (unit, body):
        seen(who, f"/cycles/{office.year.cycle}")
        with counted_queries(office.year.store) as statements:
            seen(who, f"/cycles/{office.year.cycle}")
        counts.append(len(statements))
    assert abs(counts[0] - counts[1]) <= 3  # rights of a unit ask a little more than those of the whole


def test_a_long_page_travels_packed_but_not_one_that_repeats_what_was_sent(office: Office) -> None:
    body = office.person("so-noi-vu")
    path = f"/cycles/{office.year.cycle}"
    assert body.client.get(path, headers=PAGE).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in body.client.get(path, headers={**PAGE, "Accept-Encoding": "identity"}).headers
    assert "content-encoding" not in chosen(body, office, "extend").headers


def test_static_files_travel_packed_and_are_kept_for_good(web: Web, small_year: SmallYear) -> None:
    client = web.at(MIDWAY)
    sheet = re.search(r'href="(/static/vendor/tabler[^"]+)"', client.get("/", headers=PAGE).text)
    assert sheet is not None
    answer = client.get(sheet[1], headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert int(answer.headers["content-length"]) < 100_000


def chosen(who: Browser, office: Office, deed: str, **fields: str) -> Any:
    """What comes of units chosen in the matrix: all, of the plan's first stage."""
    path = f"/cycles/{office.year.cycle}"
    page = seen(who, path)
    parties = re.findall(r'name="party" value="(\d+)"', page)
    data = {"csrf": field(page, "csrf", form=f"{path}/chosen"), "party": parties, "stage": "plan", "deed": deed, **fields}
    return who.client.post(f"{path}/chosen", data=data, headers=PAGE)


def test_urging_many_says_first_what_would_be_sent(office: Office) -> None:
    body = office.person("so-noi-vu")
    looked = chosen(body, office, "urge").text
    many = len(office.year.ids("plan"))
    assert re.search(rf"Sẽ gửi \d+ thư tới {many} đơn vị", looked)
    assert "urge" not in office.year.actions()
    done = chosen(body, office, "urge", by="mail", sure="yes").text
    assert f"Đã thực hiện {many} việc" in done
    assert office.year.actions().count("urge") == many


def test_many_longer_terms_need_a_reason_and_a_date(office: Office) -> None:
    body = office.person("so-noi-vu")
    assert "aria-invalid" not in chosen(body, office, "extend").text
    assert chosen(body, office, "extend", look="yes").status_code == 422
    looked = chosen(body, office, "extend", look="yes", reason="mưa lũ", due_on="2025-02-14").text
    assert "Sẽ gửi" in looked
    assert 'value="2025-02-14"' in looked


def test_a_unit_cannot_waive_what_it_owes(office: Office) -> None:
    answer = chosen(office.person("xa-1"), office, "waive", reason="vì sao", sure="yes")
    assert "Đã thực hiện 0 việc" in answer.text
    assert "waive" not in office.year.actions()


def test_why_many_were_refused_is_said_once(office: Office) -> None:
    body = office.person("so-noi-vu")
    before = "2025-01-02"
    looked = chosen(body, office, "extend", look="yes", reason="mưa lũ", due_on=before).text
    found = re.findall(r"<strong>(Không thực hiện được[^<]*)</strong> ([^<]+)", looked)
    counts = [int(number) for words, _ in found for number in re.findall(r"(\d+) việc", words)]
    assert (counts, sum(counts)) == ([3, 1], len(office.year.ids("plan")))  # its own, the body cannot excuse at all
    assert [looked.count(why.strip()) for _, why in found] == [1, 1]
    assert all(f'href="/obligations/{ident}"' in looked for ident in office.year.ids("plan"))


def test_what_is_chosen_is_exported_and_no_formula(office: Office) -> None:
    with office.year.store.engine.begin() as connection:
        connection.execute(update(PARTY).where(PARTY.c.key == "xa-1").values(name="=1+1"))
    answer = chosen(office.person("so-noi-vu"), office, "export")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]][:2] == ["Đơn vị", "Công việc"]
    assert len(rows) == 1 + len(office.year.ids("plan"))
    assert ("=1+1", "s") in {(row[0].value, row[0].data_type) for row in rows}


def test_an_obligation_names_people_and_units_and_says_why(office: Office) -> None:
    ident, body = office.obligation("xa-1"), office.person("so-noi-vu")
    with office.year.store.reading() as connection:
        unit = connection.execute(select(PARTY.c.name).where(PARTY.c.key == "xa-1")).scalar_one()
    assert f"(thay cho {unit})" in seen(body, f"/obligations/{ident}")
    why = {"reason": "do bão số 3", "basis": "CV 12/SNV"}
    assert office.do(body, ident, "extend", {**why, "due_on": "2025-02-25"}).status_code == 200
    assert office.do(body, ident, "suspend", {"reason": "chờ kết luận", "basis": "CV 13/SNV"}).status_code == 200
    assert office.do(body, ident, "resume-clock", {"reason": "đã có kết luận"}).status_code == 200
    assert office.do(body, ident, "waive", {"reason": "đã sáp nhập", "basis": "NQ 7/NQ-HĐND"}).status_code == 200
    for who in (body, office.person("xa-1")):
        page = seen(who, f"/obligations/{ident}")
        for words in ("do bão số 3", "CV 12/SNV", "chờ kết luận", "CV 13/SNV", "đã có kết luận", "đã sáp nhập", "NQ 7/NQ-HĐND"):
            assert page.count(words) == 1, words
    assert "officer.xa-1" not in seen(body, f"/obligations/{ident}")


def test_groups_are_called_by_their_names(office: Office, store: Store) -> None:
    with store.transaction(now=office.now) as transaction:
        transaction.connection.execute(update(PARTY).where(PARTY.c.key == "xa-1").values(group="ubnd-xa"))
        transaction.connection.execute(update(PARTY).where(PARTY.c.key == "xa-2").values(group="khac"))
    page = seen(office.person("so-noi-vu"), f"/cycles/{office.year.cycle}")
    assert '<option value="ubnd-xa">UBND cấp xã</option>' in page
    assert '<option value="khac">khac</option>' in page
