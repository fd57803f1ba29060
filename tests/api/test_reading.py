"""Who reads what: lists narrowed by rights, one obligation with its history, the journal, mail, people, the calendar."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select, update

from config.calendar_files import shipped_calendar
from evaluation.actions import Remark
from evaluation.kinds import Role
from evaluation.rights import Action, decide
from store.actors import Actor
from store.commands import moves
from store.queries.obligations import Wanted, find_obligations
from store.queries.rights import facts_of_contact, obligation_resources
from store.queries.sight import permitted
from store.rights import authority_today
from store.schema import CONTACT, MESSAGE, NOTICE, OBLIGATION, PARTY, STAGE, TERM
from tests.accounts import change, make_account, make_contact
from tests.api.browsing import Browser, problem
from tests.api.conftest import LAUNCHED, MIDWAY, Web, counted_queries, launch_again
from tests.conftest import SMALL_PLAN, SmallYear

if TYPE_CHECKING:
    from store.session import Store


NUMBERS = count()


def signed_in(web: Web, *, party: str = "xa-1", role: Role = Role.OFFICER, authority: str = "thu") -> Browser:
    """A browser of somebody who holds a post."""
    email = f"{role.value}.{party}.{next(NUMBERS)}@{authority}.invalid".replace("_", "-")
    known = make_account(web.store, now=LAUNCHED, email=email, party=party, role=role, authority=authority)
    browser = Browser(client=web.at(MIDWAY, open_sandbox=False))
    assert browser.sign_in(known.email).status_code == 201
    return browser


def got(browser: Browser, path: str, **headers: str) -> dict[str, Any]:
    answer = browser("GET", path, **headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def year(small_year: SmallYear) -> SmallYear:
    """The small year, ticked midway: four plans are late."""
    small_year.tick(MIDWAY)
    return small_year


# --- what one may read -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", [Action.READ_OBLIGATION, Action.READ_JOURNAL, Action.DOWNLOAD], ids=str)
def test_the_database_says_what_the_policy_says(any_year: SmallYear, action: Action) -> None:
    """Of every obligation, for every role of every party, with surprises, subjects, assignments, deputies and inspections."""
    store = any_year.store
    contacts = [
        make_contact(store, now=LAUNCHED, address=f"{role.value}@{party}.invalid", party=party, role=role)
        for party in ("xa-1", "xa-2", "so-noi-vu", "so-tu-phap", "chu-tich", "ubnd")
        for role in Role
    ]
    twist(any_year, contacts)
    with store.reading() as connection:
        every = list(connection.execute(select(OBLIGATION.c.id).order_by(OBLIGATION.c.id)).scalars())
        for now in (LAUNCHED, MIDWAY):
            resources = obligation_resources(store, connection, every, now=now)
            for contact in contacts:
                facts = facts_of_contact(connection, contact)
                on = authority_today(connection, resources[every[0]].authority, now=now)
                asked = [ident for ident in every if decide(facts, action, resources[ident], on=on).allowed]
                wanted = Wanted(readable=permitted(store, connection, facts, action, now=now))
                told = sorted(line.id for line in find_obligations(store, connection, wanted, now=now))
                assert told == asked, (facts.holdings, now)


def twist(year: SmallYear, contacts: list[int]) -> None:
    """Make some obligations inspections, surprises, about other units, given to somebody; let somebody stand in."""
    plans, reports = year.ids("plan"), year.ids("report")
    after = year.ids("after-lock")
    store = year.store
    change(store, update(STAGE).where(STAGE.c.key == "after-lock").values(kind="inspection"), now=LAUNCHED)
    changes: list[tuple[int, dict[str, Any]]] = [
        (plans[0], {"visible_from": MIDWAY - timedelta(days=1)}),
        (after[0], {"subject": "xa-2", "visible_from": MIDWAY - timedelta(days=1)}),
        (after[1], {"subject": "so-tu-phap"}),
        (reports[0], {"subject": "2025-Q1/xa-2", "visible_from": MIDWAY - timedelta(days=1)}),
        (reports[1], {"assignee_id": contacts[3]}),
    ]
    for ident, values in changes:
        change(store, update(OBLIGATION).where(OBLIGATION.c.id == ident).values(**values), now=LAUNCHED)
    stands_in = {"deputy_id": contacts[4], "deputy_from": LAUNCHED.date(), "deputy_to": (LAUNCHED + timedelta(days=9)).date()}
    change(store, update(CONTACT).where(CONTACT.c.id == contacts[-1]).values(**stands_in), now=LAUNCHED)
    change(store, update(CONTACT).where(CONTACT.c.id == contacts[1]).values(valid_to=LAUNCHED.date()), now=LAUNCHED)


def test_a_unit_sees_its_own_and_the_standing_body_everything(web: Web, year: SmallYear) -> None:
    own = got(signed_in(web), "/obligations")["items"]
    assert {line["party"] for line in own} == {"xa-1"}
    every = got(signed_in(web, party="so-noi-vu"), "/obligations")["items"]
    assert {line["party"] for line in every} == {"xa-1", "xa-2", "so-noi-vu", "so-tu-phap"}
    assert got(signed_in(web, party="so-tu-phap"), "/obligations?stage=report")["items"]  # it co-ordinates


def test_an_obligation_of_another_unit_is_refused(web: Web, year: SmallYear) -> None:
    other = next(line["id"] for line in got(signed_in(web, party="xa-2"), "/obligations")["items"])
    browser = signed_in(web)
    assert problem(browser("GET", f"/obligations/{other}")) == (403, "not-allowed")
    assert problem(browser("GET", "/obligations/9999")) == (404, "no-such-obligation")
    assert browser.client.get(f"/obligations/{other}").status_code == 403


def test_a_cycle_is_counted_by_what_one_may_read(web: Web, year: SmallYear) -> None:
    (whole,) = got(signed_in(web, party="so-noi-vu"), "/cycles")["items"]
    (part,) = got(signed_in(web), "/cycles")["items"]
    assert (whole["whole"], part["whole"]) == (True, False)
    assert whole["total"]["late"] == 4
    assert part["total"]["late"] == 1
    assert got(signed_in(web, role=Role.ADMINISTRATOR), "/cycles")["items"] == []


def test_another_authoritys_cycle_is_not_there(web: Web, year: SmallYear) -> None:
    other = launch_again(year.store, key="khac", sandbox=True)
    browser = signed_in(web, party="so-noi-vu")
    for path in (f"/cycles/{other}", f"/cycles/{other}/status", f"/cycles/{other}/plan"):
        assert problem(browser("GET", path)) == (404, "no-such-cycle")


def test_the_page_shows_what_the_list_shows(web: Web, year: SmallYear) -> None:
    page = signed_in(web).client.get("/").text
    assert "Xã 001" in page
    assert "Xã 002" not in page


def test_three_lines_take_as_many_queries_as_one(web: Web, year: SmallYear) -> None:
    browser = signed_in(web, party="so-noi-vu")
    got(browser, "/obligations")
    counts = []
    for path in ("/obligations?limit=1", "/obligations?limit=3", "/obligations?limit=50"):
        with counted_queries(web.store) as seen:
            got(browser, path)
        counts.append(len(seen))
    assert len(set(counts)) == 1, counts


# --- mine ---------------------------------------------------------------------------------------------------------------


def test_mine_is_my_units_and_what_awaits_its_review(web: Web, year: SmallYear) -> None:
    ident = year.ids("plan")[-1]
    for act in (moves.prepare, moves.submit):
        year.move(act, ident, now=MIDWAY)
    mine = got(signed_in(web), "/my/obligations")["items"]
    assert {(line["party"], *line["because"]) for line in mine} == {("xa-1", "own")}
    reviewing = got(signed_in(web, party="so-noi-vu"), "/my/obligations")["items"]
    assert ("xa-2", ["review"]) in [(line["party"], line["because"]) for line in reviewing]
    assert {line["because"][0] for line in reviewing} == {"own", "review"}


def test_mine_is_what_was_given_to_me_and_what_i_stand_in_for(web: Web, year: SmallYear) -> None:
    known = make_account(web.store, now=LAUNCHED, email="thay@thu.invalid", party="xa-1", role=Role.MEMBER)
    given = year.ids("plan")[2]
    change(web.store, update(OBLIGATION).where(OBLIGATION.c.id == given).values(assignee_id=known.contact), now=LAUNCHED)
    head = make_contact(web.store, now=LAUNCHED, address="truong@thu.invalid", party="xa-2", role=Role.HEAD)
    window = {"deputy_id": known.contact, "deputy_from": LAUNCHED.date()}
    change(web.store, update(CONTACT).where(CONTACT.c.id == head).values(**window), now=LAUNCHED)
    browser = Browser(client=web.at(MIDWAY, open_sandbox=False))
    browser.sign_in(known.email)
    because = {line["id"]: (line["party"], line["because"]) for line in got(browser, "/my/obligations")["items"]}
    assert because[given] == ("xa-1", ["assigned", "own"])
    assert ("xa-2", ["deputy"]) in because.values()
    change(web.store, update(CONTACT).where(CONTACT.c.id == head).values(deputy_to=LAUNCHED.date()), now=LAUNCHED)
    assert "xa-2" not in {line["party"] for line in got(browser, "/my/obligations")["items"]}


def test_mine_is_walked_page_by_page(web: Web, year: SmallYear) -> None:
    browser = signed_in(web)
    every = [line["id"] for line in got(browser, "/my/obligations")["items"]]
    first = got(browser, "/my/obligations?limit=1")
    second = got(browser, f"/my/obligations?limit=500&cursor={first['next_cursor']}")
    assert [line["id"] for line in (*first["items"], *second["items"])] == every


# --- one obligation ----------------------------------------------------------------------------------------------------


def test_an_obligation_with_its_history(web: Web, year: SmallYear) -> None:
    ident = next(one for one in year.ids("plan") if year.obligation(one).party == party_id(web.store, "xa-1"))
    for act in (moves.prepare, moves.submit):
        year.move(act, ident, now=MIDWAY)
    year.move(moves.return_for_correction, ident, now=MIDWAY, remark=Remark(reason="thiếu phụ lục", basis="CV 1"))
    answer = signed_in(web, role=Role.HEAD)("GET", f"/obligations/{ident}")
    detail = answer.json()
    assert answer.headers["etag"] == f'"{detail["moves"]}"'
    assert [term["reason"] for term in detail["terms"]] == ["initial", "review", "correction"]
    assert {rung["outcome"] for rung in detail["terms"][0]["rungs"]} >= {"skipped"}
    assert [rung["outcome"] for rung in detail["terms"][2]["rungs"]] == [None, None]
    assert [(one["round"], one["reason"], one["basis"]) for one in detail["rounds_of_correction"]] == [(1, "thiếu phụ lục", "CV 1")]
    assert detail["evidence"] == []


def test_what_may_be_done_now_and_why_not_the_rest(web: Web, year: SmallYear) -> None:
    ident = next(one for one in year.ids("plan") if year.obligation(one).party == party_id(web.store, "xa-1"))
    may = {one["action"]: one for one in got(signed_in(web), f"/obligations/{ident}")["may"]}
    assert may["prepare"] | {"why": ""} == {
        "action": "prepare",
        "allowed": True,
        "permitted": True,
        "deputy_of": "",
        "on_behalf_of": "",
        "code": None,
        "why": "",
    }
    assert (may["withdraw"]["allowed"], may["extend"]["allowed"], may["extend"]["code"]) == (False, False, "no-right")
    english = got(signed_in(web), f"/obligations/{ident}", **{"Accept-Language": "en"})["may"]
    assert "it is for" in next(one["why"] for one in english if one["action"] == "extend")
    standing = {one["action"]: one for one in got(signed_in(web, party="so-noi-vu"), f"/obligations/{ident}")["may"]}
    assert standing["submit"]["on_behalf_of"] == "xa-1"
    assert (standing["accept"]["permitted"], standing["accept"]["allowed"]) == (True, False)
    assert standing["accept"]["why"]


def test_files_change_only_while_the_work_is_in_hand(web: Web, year: SmallYear) -> None:
    ident = next(one for one in year.ids("plan") if year.obligation(one).party == party_id(web.store, "xa-1"))
    head = signed_in(web, role=Role.HEAD)

    def files() -> dict[str, bool]:
        return {one["action"]: one["allowed"] for one in got(head, f"/obligations/{ident}")["may"] if "evidence" in one["action"]}

    may_change = {"upload-evidence": True, "withdraw-evidence": True, "download-evidence": True}
    assert files() == may_change
    for act in (moves.prepare, moves.submit):
        year.move(act, ident, now=MIDWAY)
    assert files() == {"upload-evidence": False, "withdraw-evidence": False, "download-evidence": True}
    year.move(moves.return_for_correction, ident, now=MIDWAY, remark=Remark(reason="thiếu"))
    assert files() == may_change


def party_id(store: Store, key: str) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(PARTY.c.id).where(PARTY.c.key == key)).scalar_one())


# --- the status table --------------------------------------------------------------------------------------------------


def test_the_table_counts_units_by_stages(web: Web, year: SmallYear) -> None:
    table = got(signed_in(web, party="so-noi-vu"), f"/cycles/{year.cycle}/status")
    assert [stage["key"] for stage in table["stages"]] == ["report", "plan", "summary", "after-lock", "upkeep"]
    units = {unit["unit"]: unit for unit in table["units"]}
    assert units["xa-1"]["stages"]["plan"] == {
        "obligations": 1,
        "counts": {"open": 1},
        "late": 1,
        "uncorrected": 0,
        "review_overdue": 0,
        "next_due": None,
    }
    whole = got(signed_in(web, party="so-noi-vu"), f"/cycles/{year.cycle}")
    assert [stage["total"] for stage in table["stages"]] == [stage["total"] for stage in whole["stages"]]
    assert sum(unit["total"]["obligations"] for unit in units.values()) == whole["total"]["obligations"]


def test_the_table_is_for_who_may_see_all_of_it(web: Web, year: SmallYear) -> None:
    answer = signed_in(web)("GET", f"/cycles/{year.cycle}/status")
    assert problem(answer) == (403, "not-allowed")
    for party, role in (("chu-tich", Role.HEAD), ("xa-2", Role.AUDITOR), ("so-noi-vu", Role.DEPUTY_HEAD)):
        assert got(signed_in(web, party=party, role=role), f"/cycles/{year.cycle}/status")["units"]


def test_a_deputy_sees_the_table_too(web: Web, year: SmallYear) -> None:
    known = make_account(web.store, now=LAUNCHED, email="thay@thu.invalid", party="xa-1")
    coordinator = make_contact(web.store, now=LAUNCHED, address="dieu.phoi@thu.invalid", party="so-noi-vu", role=Role.HEAD)
    window = {"deputy_id": known.contact, "deputy_from": LAUNCHED.date()}
    change(web.store, update(CONTACT).where(CONTACT.c.id == coordinator).values(**window), now=LAUNCHED)
    browser = Browser(client=web.at(MIDWAY, open_sandbox=False))
    browser.sign_in(known.email)
    assert got(browser, f"/cycles/{year.cycle}/status")["units"]


def test_the_table_is_kept_until_the_journal_moves(web: Web, year: SmallYear) -> None:
    path = f"/cycles/{year.cycle}/status"
    browser = signed_in(web, party="so-noi-vu")
    first = browser("GET", path)
    tag = first.headers["etag"]
    assert (first.headers["cache-control"], first.status_code) == ("private, no-cache", 200)
    again = browser("GET", path, **{"If-None-Match": f'"else", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    with counted_queries(web.store) as seen:
        assert browser("GET", path).content == first.content
    assert not any("FROM obligation" in statement for statement in seen)
    year.move(moves.prepare, year.ids("plan")[0], now=MIDWAY)
    moved = browser("GET", path, **{"If-None-Match": tag})
    assert moved.status_code == 200
    assert moved.headers["etag"] != tag
    assert any(unit["stages"].get("plan", {}).get("counts") == {"prepared": 1} for unit in moved.json()["units"])


def test_the_table_is_new_when_something_falls_due(web: Web, year: SmallYear) -> None:
    """Also within a day, without any entry of the journal."""
    due = MIDWAY + timedelta(hours=1)
    change(web.store, update(TERM).where(TERM.c.obligation_id == year.ids("plan")[0]).values(due_at=due), now=MIDWAY)
    client = web.at(MIDWAY)
    answers = []
    for moment in (MIDWAY, due - timedelta(seconds=1), due):
        client.app.state.clock = lambda moment=moment: moment  # type: ignore[attr-defined]
        answer = client.get(f"/api/v1/cycles/{year.cycle}/status")
        answers.append((answer.headers["etag"], sum(unit["total"]["late"] for unit in answer.json()["units"])))
    assert answers[0] == answers[1]
    assert answers[1][0] != answers[2][0]
    assert (answers[1][1], answers[2][1]) == (3, 4)


def test_more_units_take_no_more_queries(web: Web, year: SmallYear) -> None:
    counts = []
    for narrowed in (True, False):
        cycle = year.cycle if narrowed else launch_again(web.store, key="khac", sandbox=True, yaml=wide())
        client = web.at(MIDWAY)
        with counted_queries(web.store) as seen:
            units = len(client.get(f"/api/v1/cycles/{cycle}/status").json()["units"])
        counts.append((units, len(seen)))
    assert counts[0][0] < counts[1][0]
    assert counts[0][1] == counts[1][1]


def wide() -> str:
    """The small plan, in which bodies owe as well."""
    text = SMALL_PLAN.read_text(encoding="utf-8")
    return text.replace("owed_by: {groups: [so, xa]}", "owed_by: {keys: [so-noi-vu, so-tu-phap, xa-1, xa-2, ubnd]}")


def test_a_plan_word_by_word(web: Web, year: SmallYear) -> None:
    browser = signed_in(web, role=Role.AUDITOR)
    answer = browser("GET", f"/cycles/{year.cycle}/plan")
    assert answer.json()["yaml"].startswith("format: 1\nkey: small-plan")
    tag = answer.headers["etag"]
    assert browser("GET", f"/cycles/{year.cycle}/plan", **{"If-None-Match": tag}).status_code == 304


# --- the journal -------------------------------------------------------------------------------------------------------


def test_the_journal_is_read_by_rights(web: Web, year: SmallYear) -> None:
    whole = got(signed_in(web, party="so-noi-vu"), "/journal?limit=500")
    assert {"launch", "tick"} <= {entry["action"] for entry in whole["items"]}
    part = got(signed_in(web), "/journal?limit=500")
    assert {entry["party"] for entry in part["items"]} == {"xa-1"}
    assert part["items"]
    assert got(signed_in(web, role=Role.ADMINISTRATOR), "/journal")["items"] == []


def test_the_journal_is_followed(web: Web, year: SmallYear) -> None:
    browser = signed_in(web, party="so-noi-vu")
    every = [entry["number"] for entry in got(browser, "/journal?limit=500")["items"]]
    walked: list[int] = []
    page: dict[str, Any] = {"next_since": 0, "more": True}
    while page["more"]:
        page = got(browser, f"/journal?limit=7&since={page['next_since']}")
        walked += [entry["number"] for entry in page["items"]]
    assert walked == every
    assert got(browser, f"/journal?since={page['next_since']}")["items"] == []
    year.move(moves.prepare, year.ids("plan")[0], now=MIDWAY)
    (entry,) = got(browser, f"/journal?since={page['next_since']}")["items"]
    assert (entry["action"], entry["stage"]) == ("prepare", "plan")


def test_the_journal_is_narrowed(web: Web, year: SmallYear) -> None:
    browser = signed_in(web, party="so-noi-vu")
    known = signed_in(web)
    me = got(known, "/account")["contacts"][0]
    ident = year.ids("plan")[0]
    year.move(moves.prepare, ident, now=MIDWAY, actor=Actor(who=f"c{me['contact']}"))
    (mine,) = got(browser, f"/journal?person={me['key']}")["items"]
    assert (mine["action"], mine["actor_key"], mine["obligation"]) == ("prepare", me["key"], ident)
    assert {entry["stage"] for entry in got(browser, "/journal?stage=plan")["items"]} == {"plan"}
    assert {entry["party"] for entry in got(browser, "/journal?unit=xa-2")["items"]} == {"xa-2"}
    assert problem(browser("GET", "/journal?cycle=99")) == (422, "invalid-request")


# --- mail ---------------------------------------------------------------------------------------------------------------


def posted(year: SmallYear, recipient: str) -> int:
    """A message to somebody, of one of the tick's notices."""
    row = {
        "recipient": recipient,
        "slot_at": MIDWAY,
        "gathering": 1,
        "at": MIDWAY,
        "header_id": f"<{recipient}@dondoc.invalid>",
        "state": "sent",
        "kind": "overdue",
    }
    with year.store.transaction(now=MIDWAY) as transaction:
        notice = transaction.connection.execute(select(NOTICE).where(NOTICE.c.kind == "overdue").limit(1)).one()
        values = insert(MESSAGE).values(**row, authority_id=notice.authority_id).returning(MESSAGE.c.id)
        message = int(transaction.connection.execute(values).scalar_one())
        transaction.connection.execute(update(NOTICE).where(NOTICE.c.id == notice.id).values(message_id=message))
    return message


def test_why_a_mail_came(web: Web, year: SmallYear) -> None:
    message = posted(year, "c999")
    said = got(signed_in(web, party="so-noi-vu"), f"/messages/{message}/why")
    (ground,) = said["notices"]
    assert (ground["stage"]["key"], ground["stage"]["words"]) == ("plan", "chậm nhất ngày 31 tháng 01")
    assert (ground["rung"]["key"], ground["term"]["due_on"], ground["document"]["number"]) == ("T+1", "2025-01-31", "1")
    assert ground["entry"]["action"] == "tick"


def test_a_mail_is_explained_to_its_recipient_and_to_who_runs_the_year(web: Web, year: SmallYear) -> None:
    browser = signed_in(web)
    me = got(browser, "/account")["contacts"][0]["contact"]
    mine, other = posted(year, f"c{me}"), posted(year, "c999")
    assert got(browser, f"/messages/{mine}/why")["message"] == mine
    assert problem(browser("GET", f"/messages/{other}/why")) == (403, "not-allowed")
    assert problem(browser("GET", "/messages/999/why")) == (404, "no-such-message")
    launch_again(year.store, key="khac", sandbox=True)
    abroad = signed_in(web, party="so-noi-vu", authority="khac")
    assert problem(abroad("GET", f"/messages/{mine}/why")) == (404, "no-such-message")


def test_the_outbox_is_for_who_runs_the_year(web: Web, year: SmallYear) -> None:
    messages = [posted(year, recipient) for recipient in ("c997", "c998", "c999")]
    browser = signed_in(web, party="so-noi-vu")
    first = got(browser, "/outbox?limit=2")
    assert ([one["id"] for one in first["items"]], first["counts"]["sent"]) == (messages[:0:-1], 3)
    rest = got(browser, f"/outbox?limit=2&before={first['next_before']}")
    assert ([one["id"] for one in rest["items"]], rest["next_before"]) == (messages[:1], None)
    assert got(browser, "/outbox?state=held")["items"] == []
    assert problem(signed_in(web, role=Role.HEAD)("GET", "/outbox")) == (403, "not-allowed")


# --- people and the calendar ---------------------------------------------------------------------------------------------


def test_people_are_seen_by_rights(web: Web, year: SmallYear) -> None:
    whole = got(signed_in(web, party="so-noi-vu"), "/people")
    assert (whole["whole"], len(whole["units"])) == (True, 6)
    own = got(signed_in(web, role=Role.HEAD), "/people")
    assert (own["whole"], [unit["key"] for unit in own["units"]]) == (False, ["xa-1"])
    assert {contact["party"] for contact in own["contacts"]} == {"xa-1"}
    assert problem(signed_in(web)("GET", "/people")) == (403, "not-allowed")


def test_a_unit_with_its_contacts(web: Web, year: SmallYear) -> None:
    browser = signed_in(web, role=Role.HEAD)
    answer = browser("GET", "/units/xa-1")
    assert {contact["party"] for contact in answer.json()["contacts"]} == {"xa-1"}
    assert browser("GET", "/units/xa-1", **{"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert problem(browser("GET", "/units/xa-2")) == (403, "not-allowed")
    assert problem(browser("GET", "/units/xa-9")) == (404, "no-such-unit")


def test_the_calendar_is_for_everybody_in_the_authority(web: Web, year: SmallYear) -> None:
    calendar = got(signed_in(web, role=Role.MEMBER), "/calendar")
    assert calendar["years"]["2025"] == "decided"
    assert (calendar["zone"], calendar["version"]) == ("Asia/Ho_Chi_Minh", shipped_calendar().version)


def test_whoever_belongs_to_several_authorities_says_which(web: Web, year: SmallYear) -> None:
    launch_again(year.store, key="khac", sandbox=True)
    browser = signed_in(web, party="so-noi-vu")
    assert problem(browser("GET", "/calendar?authority=khac")) == (404, "no-such-authority")
    email = got(browser, "/account")["email"]
    make_account(web.store, now=LAUNCHED, email=email, party="xa-2", authority="khac")  # its new password ends the sessions
    browser = Browser(client=web.at(MIDWAY, open_sandbox=False))
    browser.sign_in(email)
    assert problem(browser("GET", "/calendar")) == (422, "which-authority")
    assert got(browser, "/calendar?authority=khac")["authority"] == "khac"
