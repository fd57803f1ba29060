"""Inspections over the wire and on pages: one chain whole, who may do what, and a surprise as those see it who must not."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from evaluation.kinds import Role
from store.commands.inspections.concluding import Found
from store.verify import verify
from tests.api.working import Office, open_office
from tests.store.inspecting import Inspected, inspected_year

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.session import Store
    from tests.api.browsing import Browser

PAGE = {"Accept": "text/html"}
TEAM, BODY, CHAIR = "so-tu-phap", "so-noi-vu", "chu-tich"


@pytest.fixture
def year(store: Store) -> Inspected:
    year = inspected_year(store)
    year.tick(year.slot(date(2025, 4, 15)))
    return year


@pytest.fixture
def office(year: Inspected, tmp_path: Path) -> Iterator[Office]:
    with open_office(year, tmp_path, now=year.slot(date(2025, 4, 15))) as office:
        yield office


def read(who: Browser, path: str) -> Any:
    answer = who("GET", path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def page(who: Browser, path: str) -> str:
    answer = who.client.get(path, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def do(who: Browser, office: Office, path: str, body: Any, *, of: int) -> Any:
    answer = who("POST", path, body, **{"If-Match": f'"{office.moves(of)}"'})
    assert answer.status_code == 200, answer.text
    return answer.json()


def everything(who: Browser, office: Office) -> list[str]:
    """All that a reader is told, but for what is made anew for each page."""
    cycle = office.year.cycle
    asked = ["/cycles", "/obligations", "/my/obligations", "/journal", f"/cycles/{cycle}/inspections", f"/cycles/{cycle}/findings"]
    told = [
        re.sub(r'"next_since":\d+', "", who("GET", path).text)
        for path in (*asked, f"/cycles/{cycle}/status", f"/cycles/{cycle}/inspections/coverage")
    ]
    pages = ["/", f"/cycles/{cycle}", f"/cycles/{cycle}/units/xa-1", f"/cycles/{cycle}/inspections", "/journal", "/outbox"]
    pages += [
        f"/cycles/{cycle}/units/{TEAM}",
        f"/cycles/{cycle}/leader",
        f"/cycles/{cycle}/reports/2025-Q2",
        "/dates",
        "/go?q=xa-1",
        "/people",
        "/sent",
    ]
    return told + [re.sub(r"[0-9a-f]{32}|[\w-]{40,}", "", who.client.get(path, headers=PAGE).text) for path in pages]


@pytest.mark.parametrize(
    ("party", "role"),
    [
        ("xa-1", Role.OFFICER),
        ("xa-1", Role.HEAD),
        ("xa-1", Role.INSPECTOR),
        ("ubnd", Role.HEAD),
        ("xa-2", Role.OFFICER),
    ],
)
def test_a_surprise_changes_nothing_that_they_are_told(office: Office, year: Inspected, party: str, role: Role) -> None:
    """The unit, its superior, who co-ordinates: before and after it was planned they are told the same, word for word."""
    attacker = office.person(party, role)
    before = everything(attacker, office)
    (ident,) = year.plan("xa-1", now=office.now, kind="surprise", day=date(2025, 5, 20))
    year.tick(office.now)
    assert everything(attacker, office) == before
    for path in (f"/obligations/{ident}", f"/inspections/{ident}", f"/obligations/{ident}/evidence"):
        assert attacker("GET", path).status_code in {403, 404} if party == "xa-2" else attacker("GET", path).status_code == 404
    for path, body in ((f"/inspections/{ident}/schedule", {"day": "2025-06-01"}), (f"/obligations/{ident}/accept", {})):
        assert attacker("POST", path, body, **{"If-Match": '"1"'}).status_code == 404
    assert attacker.client.get(f"/inspections/{ident}", headers=PAGE).status_code == 404


def told_to_strangers(year: Inspected) -> int:
    """How many notices there are to anybody but the team."""
    return int(
        year.scalar(
            "select count(*) from notice where recipient not in"
            " (select 'c' || c.id from contact c join party p on p.id = c.party_id where p.key = 'so-tu-phap')"
        )
    )


def drawn_by_form(office: Office, cycle: int, *, kind: str, day: str) -> str:
    """Two units drawn on the page by who runs the year, and what it answered."""
    body, there = office.person(BODY, Role.HEAD), f"/cycles/{cycle}/inspections"
    return send(body, page(body, there), f"{there}/draw", seed="mùa hè", wanted="2", kind=kind, day=day)


@pytest.mark.parametrize(
    ("party", "role"),
    [("xa-1", Role.OFFICER), ("xa-2", Role.HEAD), ("ubnd", Role.HEAD)],
)
def test_a_surprise_that_was_drawn_changes_nothing_that_they_are_told(office: Office, year: Inspected, party: str, role: Role) -> None:
    attacker = office.person(party, role)
    before, notices = everything(attacker, office), told_to_strangers(year)
    drawn_by_form(office, year.cycle, kind="surprise", day="2025-05-20")
    year.tick(office.now)
    assert everything(attacker, office) == before
    assert told_to_strangers(year) == notices
    office.now = year.slot(date(2025, 5, 20))
    year.tick(office.now)
    own = [line["unit"] for line in read(attacker, f"/cycles/{year.cycle}/inspections")["items"]]
    assert own == (["xa-1", "xa-2"] if party == "ubnd" else [party])
    assert verify(year.store) == []


def test_an_auditor_of_a_unit_learns_from_a_draw_that_there_was_one(office: Office, year: Inspected) -> None:
    """Whoever sees the whole year and belongs to a unit that is to be surprised: no seed, no pool, no count tells of it."""
    auditor, reached = office.person("xa-1", Role.AUDITOR), f"/cycles/{year.cycle}/inspections/coverage"
    drawn_by_form(office, year.cycle, kind="surprise", day="2025-05-20")
    told = read(auditor, reached)
    assert (told["stages"][0]["whole"]["planned"], told["stages"][0]["neglected"], told["draws"]) == (1, ["xa-1"], []), "but for their own"
    entry = next(one for one in read(auditor, "/journal")["items"] if one["action"] == "draw-inspections")
    assert sorted(entry["payload"]) == ["content", "draw", "wanted"]
    assert [one["seed"] for one in read(office.person(BODY), reached)["draws"]] == ["mùa hè"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "surprise"}, "phải có ngày"),
        ({"kind": "thematic"}, "phải nêu chuyên đề"),
        ({"kind": "surprise", "day": "2025-04-01"}, "đã qua"),
    ],
)
def test_a_draw_that_cannot_be_is_refused_whole_and_keeps_what_was_written(
    office: Office, year: Inspected, fields: dict[str, str], said: str
) -> None:
    body, there = office.person(BODY, Role.HEAD), f"/cycles/{year.cycle}/inspections"
    shown = send(body, page(body, there), f"{there}/draw", status=422, seed="mùa hè", wanted="2", **fields)
    field = "theme" if fields["kind"] == "thematic" else "day"
    assert said in shown.partition(f'id="draw-{field}-fault"')[2].partition("</div>")[0]
    assert 'name="seed" type="text" value="mùa hè"' in shown
    assert f'<option value="{fields["kind"]}" selected>' in shown
    assert "draw-inspections" not in year.actions()


def test_a_surprise_that_is_only_drawn_would_tell_who_asks(office: Office, year: Inspected) -> None:
    answer = office.person(BODY, Role.HEAD)("POST", f"/cycles/{year.cycle}/inspections/draw", {"wanted": 1, "kind": "surprise"})
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "plan")


@pytest.mark.parametrize(
    ("party", "role"), [(TEAM, Role.OFFICER), (TEAM, Role.INSPECTOR), (BODY, Role.OFFICER), (CHAIR, Role.HEAD), (BODY, Role.AUDITOR)]
)
def test_a_surprise_is_seen_by_whom_it_concerns(office: Office, year: Inspected, party: str, role: Role) -> None:
    (ident,) = year.plan("xa-1", now=office.now, kind="surprise", day=date(2025, 5, 20))
    who = office.person(party, role)
    (line,) = read(who, f"/cycles/{year.cycle}/inspections")["items"]
    assert (line["id"], line["unit"], line["hidden"]) == (ident, "xa-1", True)
    assert "Đột xuất" in page(who, f"/inspections/{ident}")


def test_units_are_put_into_the_plan_by_choosing_their_names(office: Office, year: Inspected) -> None:
    body, there = office.person(BODY, Role.HEAD), f"/cycles/{year.cycle}/inspections"
    form = page(body, there)
    assert re.search(r'name="units" value="xa-1"><span class="form-check-label">Xã 001 \(tên chưa có nguồn\)</span>', form)
    csrf = form.partition('name="csrf" value="')[2].partition('"')[0]
    sent = {"csrf": csrf, "units": ["xa-1", "xa-2"], "kind": "planned", "day": "2025-05-20"}
    assert body.client.post(f"{there}/plan", data=sent, follow_redirects=False).status_code == 303
    assert sorted(line["unit"] for line in read(body, there)["items"]) == ["xa-1", "xa-2"]


def test_one_finding_from_the_plan_to_its_end(office: Office, year: Inspected) -> None:
    body, team, head = office.person(BODY, Role.HEAD), office.person(TEAM, Role.HEAD), office.person("xa-1", Role.HEAD)
    drawn = body("POST", f"/cycles/{year.cycle}/inspections/draw", {"seed": "2025", "wanted": 2, "plan": True}).json()
    assert sorted(drawn["result"]) == ["xa-1", "xa-2"]
    assert 'Xã 001 (tên chưa có nguồn) <span class="facts">xa-1</span>' in page(body, f"/cycles/{year.cycle}/inspections")
    ident = next(line["id"] for line in read(body, f"/cycles/{year.cycle}/inspections")["items"] if line["unit"] == "xa-1")
    lead = {"contact": f"head.{TEAM}", "is_lead": True}
    do(team, office, f"/inspections/{ident}/team", {"members": [lead]}, of=ident)
    do(
        team,
        office,
        f"/inspections/{ident}/minutes",
        {"held_on": "2025-04-15", "number": "1/BB", "text": "bí mật đến khi kết luận"},
        of=ident,
    )
    assert read(head, f"/inspections/{ident}")["minutes_text"] == ""
    told = {"on": "2025-04-15", "number": "2/TB", "findings": [{"text": "Chậm công khai", "days": 10}]}
    do(team, office, f"/inspections/{ident}/conclude", told, of=ident)
    assert read(head, f"/inspections/{ident}")["minutes_text"] == "bí mật đến khi kết luận"
    year.tick(office.now)
    (finding,) = read(head, f"/cycles/{year.cycle}/findings")["items"]
    assert (finding["status"], finding["due_on"]) == ("Chưa khắc phục", "2025-04-25")
    remedy = finding["steps"][0]["obligation"]
    refused = team(
        "POST", f"/inspections/{ident}/findings/1/reinspect", {"outcome": "not", "text": "x"}, **{"If-Match": f'"{office.moves(ident)}"'}
    )
    assert (refused.status_code, "26/04/2025" in refused.text) == (422, True)
    said = {"claim": "partly", "text": "Đã công khai một phần"}
    bare = head("POST", f"/obligations/{remedy}/report-remedy", said, **{"If-Match": f'"{office.moves(remedy)}"'})
    assert (bare.status_code, "no_evidence" in bare.text, office.moves(remedy)) == (422, True, 1)
    do(head, office, f"/obligations/{remedy}/report-remedy", {**said, "no_evidence": "niêm yết tại trụ sở"}, of=remedy)
    do(team, office, f"/inspections/{ident}/findings/1/reinspect", {"outcome": "closed", "text": "Đạt"}, of=ident)
    assert head("POST", f"/inspections/{ident}/findings/1/close", {"reason": "x"}, **{"If-Match": '"1"'}).status_code == 403
    do(team, office, f"/inspections/{ident}/findings/1/close", {"reason": "Đã khắc phục"}, of=ident)
    assert read(head, f"/cycles/{year.cycle}/findings?open_only=true")["items"] == []
    reached = read(body, f"/cycles/{year.cycle}/inspections/coverage")["stages"][0]["whole"]
    assert (reached["units"], reached["planned"], reached["inspected"], reached["wanted"]) == (2, 2, 1, 1), (
        "planned without a day is not inspected"
    )
    assert verify(year.store) == []


def assert_a_remedy_leads_to_its_form(head: Browser, year: Inspected, inspection: int) -> None:
    remedy = read(head, f"/cycles/{year.cycle}/findings")["items"][0]["steps"][0]["obligation"]
    at_remedy = page(head, f"/obligations/{remedy}")
    assert "Chậm công khai" in at_remedy
    assert f'href="/inspections/{inspection}#finding-1"' in at_remedy
    assert f'action="/obligations/{remedy}/submit"' not in at_remedy


def test_the_pages_show_and_do_the_same(office: Office, year: Inspected) -> None:
    (ident,) = year.plan("xa-1", now=office.now)
    year.hold(ident, Found(text="Chậm công khai"), Found(text="Thiếu hòm thư góp ý"), now=office.now)
    year.tick(office.now)
    head, team = office.person("xa-1", Role.HEAD), office.person(TEAM, Role.HEAD)
    shown = page(head, f"/inspections/{ident}")
    assert "Báo cáo khắc phục" in shown
    assert "Ghi kết quả phúc tra" not in shown
    assert "Lý do không kèm tài liệu kiểm chứng" in shown
    assert "trước khi báo cáo đã khắc phục" in send(
        head, shown, f"/inspections/{ident}/report-remedy", status=422, claim="done", text="Đã làm"
    )
    assert_a_remedy_leads_to_its_form(head, year, ident)
    form = f"/inspections/{ident}/report-remedy"
    assert [f'action="{form}" data-about="{number}"' in shown for number in (1, 2)] == [True, True]
    send(
        head,
        shown,
        form,
        claim="done",
        text="Đã làm",
        no_evidence="niêm yết tại trụ sở",
        led=f"/inspections/{ident}?done=report-remedy&finding=1",
    )
    assert f'data-drafts-done="{form}:1:"' in page(head, f"/inspections/{ident}?done=report-remedy&finding=1")
    assert "Đã báo cáo khắc phục" in page(head, f"/cycles/{year.cycle}/inspections")
    at_unit = page(head, f"/cycles/{year.cycle}/units/xa-1")
    assert at_unit.index("Tồn tại sau kiểm tra") < at_unit.index("Đã báo cáo khắc phục") < at_unit.index("Khắc phục: đã khắc phục")
    assert f'href="/inspections/{ident}#finding-1"' in at_unit
    with year.store.engine.begin() as connection:
        connection.execute(text("UPDATE stage SET title = 'Kiểm tra công tác cải cách hành chính' WHERE key = 'inspection'"))
    listed = page(office.person(BODY), f"/cycles/{year.cycle}/inspections")
    assert 'Mức bao phủ <span class="facts d-block">Kiểm tra công tác cải cách hành chính</span>' in listed
    assert "Tồn tại sau kiểm tra" not in page(team, f"/cycles/{year.cycle}/units/xa-2")
    shown = page(team, f"/inspections/{ident}")
    send(team, shown, f"/inspections/{ident}/reinspect", outcome="not", text="Chưa đủ")
    shown = page(team, f"/inspections/{ident}?lang=en")
    assert "not passed" in shown
    assert "Phúc tra chưa đạt" in page(head, f"/cycles/{year.cycle}/units/xa-1")
    answer = send(team, shown, f"/inspections/{ident}/close", status=422, reason="x")
    assert "chưa phúc tra đạt" in answer or "not found remedied" in answer
    assert verify(year.store) == []


def test_who_may_not_plan_draws_nothing(office: Office, year: Inspected) -> None:
    for party, role in (("xa-1", Role.HEAD), (TEAM, Role.HEAD), (BODY, Role.AUDITOR)):
        answer = office.person(party, role)("POST", f"/cycles/{year.cycle}/inspections/draw", {"wanted": 1})
        assert answer.status_code == 403
    assert "draw-inspections" not in year.actions()


def send(who: Browser, shown: str, path: str, *, status: int = 303, led: str = "", **fields: str) -> str:
    form = shown[shown.index(f'action="{path}"') :]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))
    answer = who.client.post(path, data={**hidden, **fields}, headers=PAGE, follow_redirects=False)
    assert answer.status_code == status, answer.text
    assert not led or answer.headers["location"] == led
    return str(answer.text)


def test_an_inspection_without_conclusions_is_not_handed_in(office: Office) -> None:
    (inspection,) = office.year.plan("xa-1", now=office.now)  # type: ignore[attr-defined]
    office.year.tick(office.now)
    team = office.person("so-tu-phap")
    refused = office.do(team, inspection, "prepare", {})
    assert (refused.status_code, "chưa có biên bản và kết luận" in refused.text) == (422, True)
    shown = page(team, f"/obligations/{inspection}")
    assert f'action="/obligations/{inspection}/prepare"' not in shown
    assert f'href="/inspections/{inspection}"' in shown
