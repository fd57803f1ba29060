"""Own report forms: taken in with their faults, kept version by version, asked from the next report on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from config.faults import FormError, PlanError
from config.form_files import form_keys, form_text
from config.loader import parse_plan
from evaluation.actions import Remark
from store.commands.replan_refusals import ReplanError
from store.commands.replanning import Change, replan
from store.commands.report_forms import FormRefusedError, own_forms, take_in_form
from store.reports import draft_of, known_forms
from store.schema import PLAN_VERSION
from store.verify import verify
from store.years import load_year
from tests.store.queries.test_report_facts import chained, report_of
from tests.store.test_reports import officer

if TYPE_CHECKING:
    from store.commands.report_forms import FormVersion
    from store.session import Store
    from tests.conftest import SmallYear

SHIPPED = form_text("cchc-dinh-ky")
TITLE = "Báo cáo của tỉnh"
NOW = date(2025, 1, 15)


def titled(title: str) -> str:
    """The shipped form under another title."""
    first = next(line for line in SHIPPED.splitlines() if line.startswith("title: "))
    return SHIPPED.replace(first, f"title: {title}", 1)


def taken_in(year: SmallYear, text: str) -> FormVersion:
    with year.store.transaction(now=year.slot(NOW)) as transaction:
        return take_in_form(transaction, 1, text, file="own.yaml")


def title_of(year: SmallYear, party: str, period: str = "2025-Q1") -> str:
    with year.store.reading() as connection:
        line = load_year(year.store, connection, year.cycle, now=year.slot(NOW)).stage("report").line
        draft = draft_of(connection, report_of(year, party, period=period), line=line)
    assert draft is not None
    return draft.form.title


def test_own_form_takes_the_place_of_the_shipped_one_from_the_next_report_on(any_store: Store) -> None:
    year = chained(any_store)
    shipped = title_of(year, "xa-1")
    year.tick(year.slot(date(2025, 3, 3)))
    assert (taken_in(year, titled(TITLE)).number, taken_in(year, titled(f"{TITLE} 2")).number) == (1, 2)
    assert title_of(year, "xa-1") == shipped, "begun already"
    year.tick(year.slot(date(2025, 6, 2)))
    assert title_of(year, "xa-1", "2025-Q2") == f"{TITLE} 2"
    with any_store.reading() as connection:
        assert [(one.number, one.title) for one in own_forms(connection, 1)] == [(2, f"{TITLE} 2"), (1, TITLE)]
    assert verify(any_store) == []


def test_form_with_faults_is_refused_by_line_and_nothing_is_kept(store: Store) -> None:
    year = chained(store)
    with pytest.raises(FormError, match=r"own\.yaml"):
        taken_in(year, titled(TITLE).replace("kind: number", "kind: nmuber", 1))
    taken_in(year, titled(TITLE))
    with pytest.raises(FormRefusedError, match="version 1"):
        taken_in(year, titled(TITLE))
    assert year.scalar("select count(*) from own_form") == 1


def replanned(year: SmallYear, yaml: str) -> None:
    with year.store.transaction(now=year.slot(NOW), actor=officer(year, "officer.so-noi-vu")) as transaction:
        replan(year.store, transaction, year.cycle, change=Change(yaml=yaml), remark=Remark(reason="biểu mẫu của tỉnh"))


def test_plan_may_name_a_form_of_its_own_key_once_its_authority_has_it(store: Store) -> None:
    year = chained(store)
    with year.store.reading() as connection:
        yaml = str(connection.execute(select(PLAN_VERSION.c.yaml)).scalar_one()).replace("form: cchc-dinh-ky", "form: rieng", 1)
    with pytest.raises(PlanError, match="rieng"):
        parse_plan(yaml, file="plan", forms=form_keys())
    with pytest.raises(ReplanError, match="rieng"):
        replanned(year, yaml)
    taken_in(year, titled(TITLE).replace("key: cchc-dinh-ky", "key: rieng", 1))
    with year.store.reading() as connection:
        assert parse_plan(yaml, file="plan", forms=known_forms(connection, 1)).stage("report").report
    replanned(year, yaml)
    year.tick(year.slot(date(2025, 3, 3)))
    assert title_of(year, "xa-1") == TITLE
    assert verify(store) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE report_form SET yaml = yaml || '#' WHERE id = (SELECT max(id) FROM report_form)", "differs from its journal in text"),
        ("UPDATE own_form SET number = 3 WHERE number = 2", "form cchc-dinh-ky 3 is not in the journal"),
        ("DELETE FROM own_form WHERE number = 2", "form cchc-dinh-ky 2 is in the journal and nowhere else"),
        ("UPDATE own_form SET entered_at = '2025-01-16 00:00:00.000000' WHERE number = 2", "in moment"),
    ],
)
def test_verify_sees_a_form_that_nobody_took_in_so(store: Store, change: str, fault: str) -> None:
    year = chained(store)
    for title in (TITLE, f"{TITLE} 2"):
        taken_in(year, titled(title))
    assert verify(store) == []
    with store.engine.begin() as connection:
        connection.execute(text(change))
    assert any(fault in found for found in verify(store)), verify(store)
