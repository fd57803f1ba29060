"""The survey in the store: what is asked and planned, ballots in, nothing that leads back to a person, points into the sheets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from evaluation.criteria.sets import Decision
from evaluation.obligations import State
from evaluation.scores.ballots import Ballot, Mode, Sample
from evaluation.scores.council import Choice, How, Post
from store.commands.council.meeting import Named, name_members, open_session
from store.commands.council.voting import Brought, Cast, Place, bring, close_matter, vote
from store.commands.moves import accept, submit
from store.commands.results.held import ResultsError
from store.commands.results.publishing import Order, prepare, publish
from store.commands.survey.asking import Batch, hand_out, issue_codes, plan_by_numbers, plan_sample, take_questions
from store.commands.survey.ballots import NoSuchCodeError, Paper, UsedCodeError, answer_by_code, asked_by, enter_paper, take_ballots
from store.commands.survey.closing import close_survey, reopen_survey
from store.commands.survey.held import SurveyRefusedError
from store.queries.results import read_results
from store.queries.survey import Counts, survey_view
from store.schema import BALLOT, JOURNAL, SCORE, SCORE_CHANGE, SURVEY_CODE
from store.score_refusals import SheetFaultsError
from store.verify import verify
from tests.store.surveying import QUESTIONS, Surveyed, surveyed_year

if TYPE_CHECKING:
    from store.session import Store

OFFICER, CITIZEN = "Công chức", "Người dân"
FULL = {OFFICER: {"c1": "A", "c2": "B"}, CITIZEN: {"d1": "A"}}


@pytest.fixture
def year(store: Store) -> Surveyed:
    return surveyed_year(store)


def enter(year: Surveyed, number: object, unit: str, group: str, **facts: Any) -> bool:
    paper = Paper(number=str(number), unit=unit, respondents=group, answers=facts.pop("answers", FULL[group]), **facts)
    return bool(year.do(enter_paper, year.cycle, paper, now=year.noon))


def fill(year: Surveyed) -> None:
    for number, (unit, group) in enumerate((unit, group) for unit in ("xa-1", "xa-2") for group in (OFFICER, CITIZEN)):
        enter(year, f"a{number}", unit, group)
        enter(year, f"b{number}", unit, group)


def counts(year: Surveyed, unit: str, group: str) -> Counts:
    with year.store.reading() as connection:
        view = survey_view(year.store, connection, year.cycle, now=year.noon)
    return next(row for row in view.rows if row.unit == unit).counts[group]


def code_of(year: Surveyed, **facts: Any) -> str:
    batch = Batch(**{"unit": "xa-1", "respondents": CITIZEN, "count": 1, **facts})
    return str(year.do(issue_codes, year.cycle, batch, now=year.noon)[0])


def answer(year: Surveyed, code: str, **answers: str) -> None:
    year.do(answer_by_code, code, answers, works_elsewhere=True, now=year.noon)


def test_counts_follow_a_ballot_from_the_plan_to_the_count(year: Surveyed) -> None:
    code = code_of(year)
    year.do(hand_out, year.cycle, Batch(unit="xa-1", respondents=CITIZEN, count=1), now=year.noon)
    assert counts(year, "xa-1", CITIZEN) == Counts(planned=2, issued=2)
    answer(year, code, d1="A")
    assert enter(year, 1, "xa-1", CITIZEN, answers={}) is False
    assert counts(year, "xa-1", CITIZEN) == Counts(planned=2, issued=2, returned=2, valid=1)


def test_a_code_opens_one_ballot_however_it_is_typed(year: Surveyed) -> None:
    code = code_of(year)
    with year.store.reading() as connection:
        asked = asked_by(year.store, connection, code.lower().replace("-", " "), now=year.noon)
    assert (asked.asked.key, asked.used) == ("nguoi-dan", False)
    answer(year, code.lower(), d1="B")
    with pytest.raises(UsedCodeError, match="ask for another code"):
        answer(year, code, d1="A")
    with pytest.raises(NoSuchCodeError):
        answer(year, "AAAA-AAAA-AAAA-AAAA", d1="A")


def test_nothing_leads_from_a_ballot_to_its_code(year: Surveyed) -> None:
    """The code, its hash and the ballot's key stand in no common row, and the journal knows of no single ballot."""
    code = code_of(year)
    before = year.actions()
    answer(year, code, d1="A")
    with year.store.reading() as connection:
        codes = connection.execute(select(SURVEY_CODE)).one()
        ballot = connection.execute(select(BALLOT)).one()
        journal = connection.execute(select(JOURNAL.c.payload)).scalars().all()
    assert codes.used is True
    assert not {str(value) for value in codes} & {ballot.key, ballot.number}
    assert code.replace("-", "") not in str(codes)
    assert year.actions() == before
    assert not any(codes.hash in payload or ballot.key in payload for payload in journal)
    assert not {column.name for column in BALLOT.columns} & {"at", "contact_id", "account_id", "code", "hash"}


def test_a_closed_survey_lies_in_the_order_of_its_random_keys(any_store: Store) -> None:
    """Rows lie in files as they came, and PostgreSQL knows which transaction wrote them: that would lead from a code to its ballot."""
    year = surveyed_year(any_store)
    fill(year)
    for code in year.do(issue_codes, year.cycle, Batch(unit="xa-1", respondents=CITIZEN, count=6), now=year.noon):
        answer(year, code, d1="B")
    year.do(close_survey, year.cycle, now=year.slot(date(2025, 1, 13)))
    place, moment = ("rowid", "1") if any_store.engine.dialect.name == "sqlite" else ("ctid", "xmin::text")
    with any_store.reading() as connection:
        for table, key in (("ballot", "key"), ("survey_code", "hash")):
            rows = connection.execute(text(f"SELECT {key}, {moment} FROM {table} ORDER BY {place}")).all()  # noqa: S608
            assert [row[0] for row in rows] == sorted(row[0] for row in rows)
            assert len({row[1] for row in rows}) == 1
    assert verify(any_store) == []


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"answers": {"d1": "Z"}}, "question d1 has no answer “Z”; choose: A, B, C"),
        ({"answers": {"c1": "A"}}, "question c1 has no answer “A”; choose: d1"),
        ({"from_unit": "xa-1"}, "belongs to the unit asked about"),
        ({"from_unit": "nowhere"}, "there is no unit “nowhere”"),
        ({"number": " "}, "write the number of the paper"),
    ],
)
def test_a_paper_is_refused(year: Surveyed, facts: dict[str, Any], words: str) -> None:
    given = {"number": "1", **facts}
    with pytest.raises(SurveyRefusedError, match=words):
        enter(year, given.pop("number"), "xa-1", CITIZEN, **given)
    assert counts(year, "xa-1", CITIZEN).returned == 0


def test_a_unit_that_is_not_asked_about_and_a_paper_entered_twice_are_refused(year: Surveyed) -> None:
    with pytest.raises(SurveyRefusedError, match="does not ask about “so-noi-vu”"):
        enter(year, 1, "so-noi-vu", CITIZEN)
    enter(year, 1, "xa-1", CITIZEN)
    with pytest.raises(SurveyRefusedError, match="entered once"):
        enter(year, 1, "xa-2", OFFICER)


def test_nobody_answers_about_their_own_unit_by_code(year: Surveyed) -> None:
    with pytest.raises(SurveyRefusedError, match="nobody answers about their own"):
        code_of(year, from_unit="xa-1")
    code = code_of(year, from_unit="xa-2")
    with pytest.raises(SurveyRefusedError, match="nobody answers about their own"):
        year.do(answer_by_code, code, {"d1": "A"}, works_elsewhere=False, now=year.noon)
    answer(year, code, d1="A")


def test_what_came_back_counts_as_handed_out(year: Surveyed) -> None:
    enter(year, 1, "xa-1", CITIZEN)
    assert counts(year, "xa-1", CITIZEN) == Counts(planned=2, issued=1, returned=1, valid=1), "nobody wrote down that it was handed out"
    year.do(hand_out, year.cycle, Batch(unit="xa-2", respondents=CITIZEN, count=2), now=year.noon)
    enter(year, 2, "xa-2", CITIZEN)
    assert counts(year, "xa-2", CITIZEN) == Counts(planned=2, issued=2, returned=1, valid=1), "it is one of those handed out"
    online = [Ballot(key=str(key), unit="xa-1", question_set="cong-chuc", answers={"c1": "A"}, mode=Mode.ONLINE) for key in (1, 2, 3)]
    year.do(take_ballots, year.cycle, online, file="x", now=year.noon)
    assert counts(year, "xa-1", OFFICER) == Counts(planned=2, issued=3, returned=3, valid=3)
    with year.store.reading() as connection:
        view = survey_view(year.store, connection, year.cycle, now=year.noon)
    assert [vi.partition(" — ")[0] for vi, _ in view.warnings] == ["xa-1 · Công chức: phát ra 3 phiếu, dự kiến 2"]
    assert verify(year.store) == []


def test_an_import_is_taken_whole_and_once(year: Surveyed) -> None:
    ballots = [Ballot(key=str(key), unit="xa-1", question_set="nguoi-dan", answers={"d1": "A"}, mode=Mode.ONLINE) for key in (1, 2)]
    year.do(take_ballots, year.cycle, ballots, file="x", now=year.noon)
    with pytest.raises(SurveyRefusedError, match="ballot nguoi-dan/xa-1/2 was entered before"):
        year.do(take_ballots, year.cycle, [Ballot(key="3", unit="xa-1", question_set="nguoi-dan"), ballots[1]], file="y", now=year.noon)
    of_another = [Ballot(key="1", unit="xa-2", question_set="nguoi-dan", answers={"d1": "A"}, mode=Mode.ONLINE)]
    year.do(take_ballots, year.cycle, of_another, file="z", now=year.noon)  # each survey of a program counts its responses from 1
    assert (counts(year, "xa-1", CITIZEN).returned, counts(year, "xa-2", CITIZEN).returned) == (2, 1)


def test_questions_that_miss_their_leaf_are_refused_and_stand_once_codes_are_out(year: Surveyed) -> None:
    off = QUESTIONS.replace('points: "2"', 'points: "1.5"')
    with pytest.raises(SheetFaultsError, match=r"1\.2: its questions sum to 3\.5 points, the leaf has 4"):
        year.do(take_questions, year.cycle, off, now=year.noon)
    other = QUESTIONS.replace("Phối hợp", "Cộng tác")
    assert year.do(take_questions, year.cycle, other, now=year.noon) == 2
    code_of(year)
    with pytest.raises(SurveyRefusedError, match="ballots are out"):
        year.do(take_questions, year.cycle, QUESTIONS, now=year.noon)
    assert year.do(take_questions, year.cycle, other, now=year.noon) == 2


def test_a_new_plan_keeps_what_was_handed_out(year: Surveyed) -> None:
    code_of(year)
    assert year.do(plan_sample, year.cycle, [Sample(unit="xa-1", respondents=CITIZEN, planned=5, mode=Mode.ONLINE)], now=year.noon) == 5
    assert counts(year, "xa-1", CITIZEN) == Counts(planned=5, issued=1)
    assert year.do(plan_by_numbers, year.cycle, {OFFICER: 3}, now=year.noon) == 6


def test_a_full_group_is_handed_to_the_head(year: Surveyed) -> None:
    officer, citizen = year.ids("survey")
    for number, unit in enumerate(("xa-1", "xa-1", "xa-2")):
        enter(year, number, unit, CITIZEN)
    year.tick(year.noon)
    assert year.obligation(citizen).state is State.OPEN
    enter(year, 9, "xa-2", CITIZEN)
    year.tick(year.noon)
    assert (year.obligation(citizen).state, year.obligation(officer).state) == (State.PREPARED, State.OPEN)


def test_closing_names_every_unit_without_a_valid_ballot(year: Surveyed) -> None:
    enter(year, 1, "xa-1", OFFICER)
    with pytest.raises(SheetFaultsError) as refused:
        year.do(close_survey, year.cycle, now=year.noon)
    assert [(one.unit, one.code) for one in refused.value.faults] == [("xa-1", "too-few-ballots"), ("xa-2", "no-valid-ballot")]
    assert year.scalar("SELECT count(*) FROM score") == 0


def test_closing_writes_the_points_into_every_sheet(year: Surveyed) -> None:
    """c1: 1 × (100 + 0 + 60) / 300; c2 of two who answered: 2 × (100 + 60) / 200; d1: 1 × 60 %."""
    fill(year)
    for number, given in enumerate(({"c1": "A", "c2": "A"}, {"c1": "C"}, {"c1": "B", "c2": "B"})):
        enter(year, f"x{number}", "xa-1", OFFICER, answers=given)
    done = year.do(close_survey, year.cycle, now=year.noon, who="head.so-noi-vu")
    assert (done.units, done.ballots) == (2, 11)
    assert done.notes == (("xa-1", "Công chức: phát ra 5 phiếu, dự kiến 2", "Công chức: 5 ballots were handed out, 2 are planned"),)
    with year.store.reading() as connection:
        rows = connection.execute(select(SCORE.c.node, SCORE.c.final, SCORE.c.version).order_by(SCORE.c.party_id)).all()
        changes = connection.execute(select(SCORE_CHANGE.c.what, SCORE_CHANGE.c.why, SCORE_CHANGE.c.contact_id)).all()
        view = survey_view(year.store, connection, year.cycle, now=year.noon)
    officers = Decimal(1) * (100 + 100 + 100 + 0 + 60) / 500 + Decimal(2) * (60 + 60 + 100 + 60) / 400
    assert [(row.node, row.version) for row in rows] == [("1.2", 1), ("1.2", 1)]
    assert [Decimal(row.final) for row in rows] == [officers + 1, Decimal(1) + Decimal("1.2") + 1]
    assert {(row.what, row.why) for row in changes} == {("final", "điều tra xã hội học")}
    assert all(row.contact_id == year.contact("head.so-noi-vu") for row in changes)
    assert view.closed is not None
    assert [year.obligation(ident).state for ident in year.ids("survey")] == [State.PREPARED, State.PREPARED]
    assert verify(year.store) == []
    with pytest.raises(SurveyRefusedError, match="the survey is closed"):
        enter(year, "late", "xa-1", CITIZEN)


def test_verify_finds_a_ballot_that_was_changed_after_the_close(year: Surveyed) -> None:
    fill(year)
    year.do(close_survey, year.cycle, now=year.noon)
    with year.store.engine.begin() as connection:
        connection.execute(text("""UPDATE ballot SET answers = '{"d1":"C"}' WHERE number = 'a1'"""))
    assert verify(year.store) == [f"thu: the ballots of cycle {year.cycle} are not those with which its survey was closed"]


def test_too_few_are_left_out_where_the_plan_says_so(store: Store) -> None:
    year = surveyed_year(store, survey="{minimum: 2, too_few: leave-out}")
    fill(year)
    with year.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM ballot WHERE number = 'a1'"))  # xa-1 keeps one citizen's
    done = year.do(close_survey, year.cycle, now=year.noon)
    assert [(unit, en) for unit, _, en in done.notes] == [
        ("xa-1", "Too few ballots of Người dân: the other groups count, rescaled to the leaf's maximum.")
    ]


def test_a_year_without_a_survey_takes_no_questions_and_says_so(store: Store) -> None:
    year = surveyed_year(store, survey="{held: false}", asked=False)
    with pytest.raises(SurveyRefusedError, match="by its plan the year holds no survey"):
        year.do(take_questions, year.cycle, QUESTIONS, now=year.noon)
    with year.store.reading() as connection:
        view = survey_view(year.store, connection, year.cycle, now=year.noon)
    assert view.note("en") == "No survey was held: the appraisal alone is rescaled to 100."


@pytest.mark.postgres
def test_the_same_on_postgresql(postgres_store: Store) -> None:
    year = surveyed_year(postgres_store)
    code = code_of(year)
    answer(year, code, d1="A")
    with pytest.raises(UsedCodeError):
        answer(year, code, d1="A")
    fill(year)
    year.tick(year.noon)
    assert year.do(close_survey, year.cycle, now=year.slot(date(2025, 1, 13))).ballots == 9
    assert verify(postgres_store) == []


def test_what_was_handed_in_can_be_submitted_and_accepted(year: Surveyed) -> None:
    fill(year)
    year.tick(year.noon)
    ident = year.ids("survey")[0]
    year.move(submit, ident, now=year.noon)
    assert year.move(accept, ident, now=year.noon).state is State.ACCEPTED


def test_a_closed_survey_is_re_opened_with_a_reason_and_its_points_are_worked_out_anew(year: Surveyed) -> None:
    fill(year)
    with pytest.raises(SurveyRefusedError, match="nothing to re-open"):
        year.do(reopen_survey, year.cycle, reason="sót phiếu", now=year.noon)
    year.do(close_survey, year.cycle, now=year.noon)
    before = year.scalar("SELECT group_concat(final) FROM score")
    with pytest.raises(SurveyRefusedError, match="why it is re-opened"):
        year.do(reopen_survey, year.cycle, reason=" ", now=year.noon)
    year.do(reopen_survey, year.cycle, reason="sót phiếu", now=year.noon)
    assert year.scalar("SELECT group_concat(final) FROM score") == before, "the points stand until it is closed anew"
    prepared = prepare(year.store, year.cycle, Order(decision=Decision(number="1/QĐ", dated=date(2025, 1, 10))), now=year.noon)
    with pytest.raises(ResultsError, match="re-opened; close it first"):
        year.do(publish, year.cycle, prepared=prepared, now=year.noon)
    enter(year, 99, "xa-1", "Người dân", answers={"d1": "C"})
    year.do(close_survey, year.cycle, now=year.noon)
    assert year.scalar("SELECT group_concat(final) FROM score") != before
    assert year.scalar("SELECT max(number) FROM survey_close") == 2
    assert verify(year.store) == []
    with year.store.engine.begin() as connection:
        connection.execute(text("UPDATE survey_close SET reopened_at = NULL WHERE number = 1"))
    assert len(verify(year.store)) == 1


def test_what_the_council_settled_meanwhile_stands_when_the_survey_is_closed_anew(year: Surveyed) -> None:
    fill(year)
    year.do(close_survey, year.cycle, now=year.noon)
    year.do(reopen_survey, year.cycle, reason="sót phiếu", now=year.noon)
    (council,), chair = year.ids("council"), year.contact("head.so-noi-vu")
    year.do(name_members, council, members=[Named(contact=chair, post=Post.CHAIR)], decision="12/QĐ", now=year.noon)
    year.do(open_session, council, held_on=date(2025, 1, 10), present=[chair], now=year.noon)
    matter = Brought(words="Điểm 1.2", unit="xa-1", scores={"1.2": Decimal("3.7")}, why="đối chiếu")
    year.do(bring, council, session=1, matter=matter, now=year.noon)
    place = Place(session=1, matter=1)
    year.do(vote, council, place, [Cast(contact=chair, choice=Choice.FOR, how=How.PRESENT)], now=year.noon)
    assert year.do(close_matter, council, place, now=year.noon).carried
    for unit in ("xa-1", "xa-2"):
        enter(year, f"sót {unit}", unit, "Người dân", answers={"d1": "C"})
    done = year.do(close_survey, year.cycle, now=year.noon)
    assert year.scalar("SELECT final FROM score ORDER BY party_id LIMIT 1") == "3.7"
    assert year.scalar("SELECT version FROM score ORDER BY party_id DESC LIMIT 1") == 2, "of all others the ballots count anew"
    (note,) = [en for unit, _, en in done.notes if unit == "xa-1" and "council" in en]
    assert note.startswith("leaf 1.2: the score 3.7 that the council settled stands (by the ballots: ")
    assert verify(year.store) == []


@pytest.mark.parametrize(("survey", "maximum"), [("{minimum: 1}", "10"), ("{held: false}", "6")])
def test_results_count_the_survey_as_the_plan_says_where_nobody_decided(store: Store, survey: str, maximum: str) -> None:
    year = surveyed_year(store, survey=survey, asked=False)
    with year.store.reading() as connection:
        found = read_results(year.store, connection, year.cycle, now=year.noon)
    assert {one.totals.maximum for one in found.units.values()} == {Decimal(maximum)}
