"""Whole evaluated years: what the people of a shipped plan do with sheets, survey, council and decision, by the commands of everybody."""

from __future__ import annotations

import asyncio
import csv
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from config.calendar_files import shipped_calendar
from config.loader import find_plan, load_plan_and_roster
from config.survey_files import survey_text
from config.survey_tables import read_ballots
from evaluation.actions import Remark
from evaluation.kinds import StageKind
from evaluation.obligations import State
from evaluation.rehearsing import Habit
from evaluation.scores.council import Choice, How, Post, Recommendation
from evaluation.scores.handing_in import explanation_faults
from evaluation.scores.made_up import ANSWER, made_up_judgement, made_up_score
from evaluation.scores.methods import score_leaf
from evaluation.scores.sheets import Part
from flows.driving import Company, Route, drive
from flows.rehearsal import route_of
from store.actors import Actor
from store.commands import moves
from store.commands.authorities import found_authority, import_roster
from store.commands.council.meeting import Minutes, Named, name_members, open_session, write_minutes
from store.commands.council.voting import Brought, Cast, Place, bring, close_matter, vote
from store.commands.criteria.showing import example_criteria
from store.commands.evidence import attach
from store.commands.launching import Launch, launch
from store.commands.rehearsing import people_act
from store.commands.results.deciding import set_rules
from store.commands.results.showing import RULES
from store.commands.scores.appraising import Judged, appraise_leaves
from store.commands.scores.explaining import Explained, RulingGiven, explain_leaf, rule_on_explanation, unanswered
from store.commands.scores.returning import return_leaves
from store.commands.scores.scoring import Typed, save_leaves
from store.commands.survey.asking import Batch, hand_out, plan_by_numbers, take_questions
from store.commands.survey.ballots import take_ballots
from store.commands.survey.closing import close_survey
from store.outbox.freezing import post_without_sending
from store.queries.rights import unit_about
from store.schema import CONTACT, OBLIGATION, PARTY, STAGE
from store.scores import read_sheet
from store.survey import form_of, known_of, surveyed_units
from store.years import load_year
from tasks.room import Room, working_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime
    from pathlib import Path

    from evaluation.plans import Plan
    from evaluation.rosters import Roster
    from evaluation.scores.sheets import Sheet
    from store.files import KeptFile
    from store.scores import UnitSheet
    from store.session import Store
    from store.years import Year

CALENDAR = shipped_calendar()
LAUNCHED_AT = time(7, 0)
EACH = 2  #: ballots about each unit from each group of respondents
#: Leaves of a unit that get a file; of the others the explanation says how they were scored.
WITH_FILES = 3
TOWN_MEETING = 5  #: members of the council; one votes in writing, one belongs to the unit that is voted on
WORKED_ON = frozenset({State.OPEN, State.RETURNED})


@dataclass(frozen=True, kw_only=True)
class Owed:
    """An obligation as the people of the year look at it."""

    id: int
    stage: str
    kind: StageKind
    party: str
    subject: str
    state: State


@dataclass(kw_only=True)
class ScoredYear:
    """A launched year and its people; what they did is counted."""

    store: Store
    cycle: int
    plan: Plan
    roster: Roster
    file: KeptFile
    folder: Path
    number: str  #: of the decision
    yaml: str  #: the plan
    done: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    contacts: dict[str, int] = field(default_factory=dict)
    returned: set[str] = field(default_factory=set)

    def do(self, act: Callable[..., Any], *given: Any, by: str, now: datetime, **facts: Any) -> Any:
        """One act of one person."""
        with self.store.transaction(now=now, actor=Actor(who=f"c{self.contacts[by]}")) as transaction:
            return act(self.store, transaction, *given, **facts)

    def officer(self, party: str) -> str:
        """The key of a party's officer."""
        return next(key for key in (f"officer.{party}", f"{party}-officer") if key in self.contacts)

    def head(self, party: str) -> str:
        """The key of a party's head."""
        return next(key for key in (f"head.{party}", f"{party}-head") if key in self.contacts)

    def sheet(self, unit: str, *, now: datetime) -> UnitSheet | None:
        """A unit's sheet as it stands."""
        with self.store.reading() as connection:
            year = load_year(self.store, connection, self.cycle, now=now)
            return read_sheet(self.store, connection, year, year.people.ids[unit])

    def owed(self, *kinds: StageKind) -> Iterator[Owed]:
        """What is open, returned or submitted of some kinds of stages."""
        query = (
            select(
                OBLIGATION.c.id,
                STAGE.c.key.label("stage"),
                STAGE.c.kind,
                PARTY.c.key.label("party"),
                OBLIGATION.c.subject,
                OBLIGATION.c.state,
            )
            .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
            .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
            .where(OBLIGATION.c.cycle_id == self.cycle, STAGE.c.kind.in_([kind.value for kind in kinds]))
        )
        with self.store.reading() as connection:
            rows = connection.execute(query.order_by(OBLIGATION.c.id)).all()
        for row in rows:
            if row.state in {"open", "returned", "submitted"}:
                yield Owed(**{**row._mapping, "kind": StageKind(row.kind), "state": State(row.state)})

    def year(self, *, now: datetime) -> Year:
        """The cycle as the rules need it."""
        with self.store.reading() as connection:
            return load_year(self.store, connection, self.cycle, now=now)

    @property
    def measured(self) -> list[str]:
        """The units that are evaluated, in the roster's order."""
        return [party.key for party in self.roster.parties if party.group and not party.exempt]

    @property
    def groups(self) -> dict[str, int]:
        """How many units are evaluated in each group."""
        return dict(Counter(party.group for party in self.roster.parties if party.group and not party.exempt))

    def all_final(self, sheet: Sheet, *, seed: str) -> Sheet:
        """A sheet with a final score of every leaf that a unit scores itself."""
        scored = ((step.node, made_up_score(step.node, seed=seed)) for step in sheet.scope.owed)
        points = {node.key: score_leaf(node, said[0]).points for node, said in scored if said is not None}
        given = {key: replace(sheet.entry(key), self_score=one, appraised=one, final=one) for key, one in points.items()}
        return replace(sheet, entries={**sheet.entries, **given})

    # --- a morning ----------------------------------------------------------------------------------------------

    def morning(self, now: datetime) -> bool:
        """What everybody does on a working morning."""
        if not CALENDAR.is_workday(CALENDAR.local_date(now)):
            return False
        acts = {
            StageKind.SELF_ASSESSMENT: self.assess,
            StageKind.APPRAISAL: self.appraise,
            StageKind.EXPLANATION: self.explain,
            StageKind.COUNCIL_DECISION: self.decide,
            StageKind.PUBLICATION: self.approve,
        }
        for kind, act in acts.items():
            for one in list(self.owed(kind)):
                act(one, now)
        self.survey(now)
        people_act(self.store, self.cycle, habit=lambda ref: Habit.NONE if ref.kind in acts else Habit.GOOD, seed=1, now=now)
        return True

    def assess(self, one: Owed, now: datetime) -> None:
        """A unit scores itself, puts its files beside, its head signs; what is sent is taken in once its appraisal is over."""
        unit = self.sheet(one.party, now=now)
        assert unit is not None, one.party
        if one.state in WORKED_ON:
            typed, files = [], []
            for step in unit.sheet.scope.owed:
                entry, said = unit.sheet.entry(step.node.key), made_up_score(step.node, seed=f"{self.plan.key}/{one.party}")
                if said is not None and (entry.self_score is None or entry.returned):
                    more = f" Đã bổ sung: {entry.returned}" if entry.returned else ""
                    typed.append(Typed(node=step.node.key, given=said[0], explanation=said[1] + more, seen=unit.version(step.node.key)))
                    files += [step.node.key] if step.node.evidence_required or entry.returned else []
            officer = self.officer(one.party)
            self.do(save_leaves, one.id, typed, by=officer, now=now)
            with self.store.transaction(now=now, actor=Actor(who=f"c{self.contacts[officer]}")) as transaction:
                for node in files[:WITH_FILES]:
                    attach(self.store, transaction, one.id, file=self.file, item=node)
                    self.done["files"] += 1
                moves.prepare(self.store, transaction, one.id)
            self.do(moves.submit, one.id, by=self.head(one.party), now=now)
            self.done["scored leaves"] += len(typed)
            self.done["sent again" if one.state is State.RETURNED else "self-assessments"] += 1

    def appraise(self, one: Owed, now: datetime) -> None:
        """The appraisers return leaves of every fourth unit once, then score all; what is handed in is taken in."""
        with self.store.reading() as connection:
            line = load_year(self.store, connection, self.cycle, now=now).stage(one.stage).line
        unit = unit_about(one.subject, line=line)
        found = self.sheet(unit, now=now)
        assert found is not None, one
        officer = self.officer(one.party)
        if one.state in WORKED_ON:
            scored = [step for step in found.sheet.scope.owed if found.sheet.entry(step.node.key).self_score is not None]
            if self.own(unit) is not State.SUBMITTED:
                return
            if hash_of(unit) % 4 == 0 and unit not in self.returned:
                self.returned.add(unit)
                whys = {scored[number].node.key: "Tệp đính kèm không mở được; gửi lại." for number in (0, 3)}
                self.do(return_leaves, one.id, whys, by=officer, now=now)
                self.done["returned leaves"] += len(whys)
                return
            judged = []
            for step in scored:
                entry = found.sheet.entry(step.node.key)
                points, remark = made_up_judgement(step.node, entry.score(Part.SELF), seed=f"{self.plan.key}/{unit}")
                judged.append(Judged(node=step.node.key, points=points, remark=remark, seen=found.version(step.node.key)))
            self.do(appraise_leaves, one.id, judged, by=officer, now=now)
            self.do(moves.prepare, one.id, by=officer, now=now)
            self.do(moves.submit, one.id, by=self.head(one.party), now=now)
            self.done["appraised leaves"] += len(judged)
        elif self.window(unit) is None:
            self.do(moves.accept, self.own_id(unit), by=self.receiver, now=now)
            self.do(moves.accept, one.id, by=self.receiver, now=now)
            self.done["appraisals"] += 1

    def explain(self, one: Owed, now: datetime) -> None:
        """A unit explains what was reduced; of two explanations one convinces."""
        found = self.sheet(one.party, now=now)
        assert found is not None, one
        if one.state in WORKED_ON:
            for node in unanswered(found.sheet):
                self.do(
                    explain_leaf, one.id, Explained(node=node, text=ANSWER, seen=found.version(node)), by=self.officer(one.party), now=now
                )
            self.do(moves.prepare, one.id, by=self.officer(one.party), now=now)
            self.do(moves.submit, one.id, by=self.head(one.party), now=now)
            return
        for number, waits in enumerate(explanation_faults(found.sheet)):
            accepted = (number + hash_of(one.party)) % 2 == 0
            why = "Tài liệu bổ sung hợp lệ." if accepted else "Tài liệu bổ sung không chứng minh được."
            ruling = RulingGiven(node=waits.node, accepted=accepted, why=why, seen=found.version(waits.node))
            self.do(rule_on_explanation, one.id, ruling, by=self.receiver, now=now)
            self.done["explanations accepted" if accepted else "explanations refused"] += 1
        self.do(moves.accept, one.id, by=self.receiver, now=now)

    def decide(self, one: Owed, now: datetime) -> None:
        """The council meets with a quorum, settles one score, asks for better records, and decides."""
        if one.state is State.SUBMITTED:
            self.do(moves.accept, one.id, by=self.head(self.plan.chair), now=now)
            return
        heads, unit = [self.head(key) for key in self.measured[:TOWN_MEETING]], self.measured[0]
        officer, members = self.officer(one.party), [self.contacts[key] for key in heads]
        named = [Named(contact=ident, post=Post.MEMBER if number else Post.CHAIR) for number, ident in enumerate(members)]
        sheet = self.sheet(unit, now=now)
        assert sheet is not None
        node = next(step.node.key for step in sheet.sheet.scope.owed if (sheet.sheet.entry(step.node.key).appraised or 0) > 0)
        appraised = sheet.sheet.entry(node).appraised
        assert appraised is not None
        self.do(name_members, one.id, members=named, decision="10/QĐ-UBND", by=officer, now=now)
        today = CALENDAR.local_date(now)
        session = self.do(open_session, one.id, held_on=today, present=members[:-1], by=officer, now=now)
        brought = Brought(words="Điểm chính thức", unit=unit, scores={node: appraised / 2}, why="Hội đồng xem lại hồ sơ")
        self.do(bring, one.id, session=session, matter=brought, by=officer, now=now)
        votes = [Cast(contact=ident, choice=Choice.FOR) for ident in members[1:-1]]
        votes += [Cast(contact=members[-1], choice=Choice.AGAINST, how=How.WRITING)]
        place = Place(session=session, matter=1)
        self.do(vote, one.id, place, votes, by=officer, now=now)
        resolved = self.do(close_matter, one.id, place, [Recommendation(to=unit, text="Lưu hồ sơ đầy đủ")], by=officer, now=now)
        assert resolved.carried
        self.do(
            write_minutes,
            one.id,
            session=session,
            minutes=Minutes(number=f"1/BB ngày {today:%d/%m/%Y}", text="Thông qua"),
            by=officer,
            now=now,
        )
        self.do(moves.prepare, one.id, by=officer, now=now)
        self.do(moves.submit, one.id, by=self.head(one.party), now=now)
        self.done["votes"] += len(votes)

    def approve(self, one: Owed, now: datetime) -> None:
        """The decision is drafted, signed and accepted under its number and date; the tick freezes what stands."""
        if one.state is State.SUBMITTED:
            self.do(
                moves.accept,
                one.id,
                by=self.head(self.plan.chair),
                now=now,
                remark=Remark(basis=f"{self.number} ngày {CALENDAR.local_date(now):%d/%m/%Y}"),
            )
            return
        self.do(moves.prepare, one.id, by=self.officer(one.party), now=now)
        self.do(moves.submit, one.id, by=self.head(one.party), now=now)

    # --- the survey ---------------------------------------------------------------------------------------------

    def survey(self, now: datetime) -> None:
        """When the survey opens ballots go out and come back as LimeSurvey writes them; then it is closed."""
        stages = [one for one in self.owed(StageKind.SURVEY) if one.stage == "survey" and one.state is State.OPEN]
        if not stages or self.done["ballots"]:
            return
        officer, year = self.officer(self.plan.standing_body), self.year(now=now)
        self.do(take_questions, self.cycle, survey_text(self.plan.key), by=officer, now=now)
        with self.store.reading() as connection:
            form = form_of(connection, self.cycle)
        assert form is not None
        self.do(plan_by_numbers, self.cycle, {one.key: EACH for one in form.questions.sets}, by=officer, now=now)
        units = surveyed_units(year, form)
        for asked in form.questions.sets:
            about = {unit for unit, group in units.items() if group in asked.about}
            with self.store.transaction(now=now) as transaction:
                for unit in sorted(about):
                    hand_out(self.store, transaction, self.cycle, Batch(unit=unit, respondents=asked.key, count=EACH))
            path = self.written(asked, sorted(about))
            read = read_ballots(path.read_bytes(), name=path.name, known=known_of(year, form), question_set=asked.key)
            assert (read.unfinished, len(read.ballots)) == (1, EACH * len(about))
            self.done["ballots"] += self.do(take_ballots, self.cycle, read.ballots, file=asked.key, by=officer, now=now)
        self.done["surveyed units"] = self.do(close_survey, self.cycle, by=officer, now=now).units

    def written(self, asked: Any, about: list[str]) -> Path:
        """An export of LimeSurvey: a line for each response, one of them broken off."""
        path = self.folder / f"{asked.key}.csv"
        rows: list[list[object]] = [["id", "submitdate", "lastpage", "startlanguage", "don_vi", *(one.key for one in asked.questions)]]
        for number, unit in enumerate(unit for unit in about for _ in range(EACH)):
            answers = [one.answers[(number + place) % 3].key for place, one in enumerate(asked.questions)]
            rows.append([number + 1, "2021-03-01 08:00:00", 2, "vi", unit, *answers])
        rows.append([len(rows) + 1, "", 1, "vi", about[0], *("" for _ in asked.questions)])
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    # --- what stands --------------------------------------------------------------------------------------------

    @property
    def receiver(self) -> str:
        """Who takes things in: the standing body's head."""
        return self.head(self.plan.standing_body)

    def own_id(self, unit: str) -> int:
        """A unit's self-assessment."""
        query = select(OBLIGATION.c.id).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        mine = (OBLIGATION.c.cycle_id == self.cycle, PARTY.c.key == unit, STAGE.c.kind == StageKind.SELF_ASSESSMENT.value)
        with self.store.reading() as connection:
            return int(connection.execute(query.where(*mine)).scalar_one())

    def own(self, unit: str) -> State:
        """How far a unit's self-assessment is."""
        with self.store.reading() as connection:
            return State(connection.execute(select(OBLIGATION.c.state).where(OBLIGATION.c.id == self.own_id(unit))).scalar_one())

    def window(self, unit: str) -> int | None:
        """A unit's explanation that is not over."""
        return next((one.id for one in self.owed(StageKind.EXPLANATION) if one.party == unit), None)


def hash_of(unit: str) -> int:
    """A number of a unit, the same in every process."""
    return sum(unit.encode())


def with_the_first(roster: Roster, groups: dict[str, int]) -> Roster:
    """A roster with so many units of each group, its first ones."""
    left = Counter(groups)
    parties = []
    for party in roster.parties:
        if party.group and not party.exempt:
            left[party.group] -= 1
        if not party.group or party.exempt or left[party.group] >= 0:
            parties.append(party)
    keys = {party.key for party in parties}
    return replace(roster, parties=tuple(parties), contacts=tuple(one for one in roster.contacts if one.party in keys))


def scored_year(
    store: Store, name: str, *, folder: Path, file: KeptFile, number: str, groups: dict[str, int] | None = None
) -> tuple[ScoredYear, Route]:
    """Found the authority of a shipped plan with the sets that it names, and launch its year; return it and the days that it takes."""
    path = find_plan(name)
    plan, roster = load_plan_and_roster(path)
    yaml = path.read_text(encoding="utf-8")
    roster = roster if groups is None else with_the_first(roster, groups)
    route = route_of(plan, year=plan.year, calendar=CALENDAR)
    now = CALENDAR.instant(route.first, LAUNCHED_AT)
    with store.transaction(now=now) as transaction:
        authority = found_authority(transaction, key=plan.authority, name=plan.authority_name, sandbox=True)
        import_roster(transaction, authority=authority, roster=roster)
        example_criteria(transaction, authority, plan=plan, dated=route.first, issuer=plan.authority_name)
        order = Launch(authority=plan.authority, plan_yaml=yaml, year=plan.year, calendar=CALENDAR)
        cycle = launch(store, transaction, order).cycle
        why = Remark(reason="Quy chế đánh giá, xếp hạng (ví dụ)", basis="02/QĐ-UBND (ví dụ)")
        set_rules(store, transaction, cycle, rules=RULES, everywhere=True, remark=why)
    with store.reading() as connection:
        contacts = {row.key: row.id for row in connection.execute(select(CONTACT.c.key, CONTACT.c.id))}
    year = ScoredYear(
        store=store, cycle=cycle, plan=plan, roster=roster, file=file, folder=folder, number=number, contacts=contacts, yaml=yaml
    )
    return year, route


def play(year: ScoredYear, route: Route, *, until: date | None = None) -> None:
    """Go through the year day by day: the tick, the mail (posted, not sent), the people."""

    async def post(now: datetime) -> None:
        await asyncio.to_thread(post_without_sending, year.store, now)

    async def act(now: datetime) -> bool:
        return await asyncio.to_thread(year.morning, now)

    last = min(until or route.last, route.last)
    with working_in(Room(store=year.store, holder="year")):
        asyncio.run(drive(Route(first=route.first, last=last, calendar=CALENDAR, slot=route.slot), Company(post=post, act=act)))


def read_csv(text: str) -> list[dict[str, str]]:
    """The lines of a CSV by heading."""
    return list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))


def index_by_leaves(leaves: str) -> dict[str, tuple[Decimal, Decimal]]:
    """The points and the maximum of each unit, added up from the leaves of a bundle as CSV."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for row in read_csv(leaves):
        if row["final"]:
            points, most = found.get(row["unit"], (Decimal(0), Decimal(0)))
            found[row["unit"]] = (points + Decimal(row["final"]), most + Decimal(row["maximum"]))
    return found
