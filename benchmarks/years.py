"""
Synthetic years: a plan and a roster of any size, for measurements.

Every name is a number: `Đơn vị 00001`. All stages open on 6 January and fall due one after the other, each with the same ladder.
"""

from __future__ import annotations

from evaluation.kinds import PartyKind, Role
from evaluation.rosters import Party, Roster, RosterContact

HEAD = """\
format: 1
key: synthetic-{units}-{stages}
title: Năm thử {units} đơn vị, {stages} việc
title_en: A synthetic year of {units} units and {stages} stages
year: 2025
reference_date: 2025-01-02
authority: {{key: thu, name: UBND thử}}
roster: synthetic-{units}
standing_body: thuong-truc
chair: chu-tich
documents:
  kh-1: {{kind: KH, number: "1", issuer: UBND thử, title: Kế hoạch thử, source: none}}
ladders:
  standard:
    - {{rung: T-7, offset: -7, audience: [officer], message: reminder-before-due}}
    - {{rung: T-1, offset: -1, unit: working, audience: [officer, head], message: reminder-before-due}}
    - {{rung: T+1, offset: 1, unit: working, audience: [officer, head], message: overdue}}
    - {{rung: T+3, offset: 3, unit: working, audience: [standing_body], message: escalation-standing-body}}
  review:
    - {{rung: R+1, offset: 1, unit: working, audience: [receiver], message: review-overdue}}
stages:
"""
STAGE = """\
  - key: stage-{number:02}
    kind: duty
    title: Việc {number:02}
    title_en: Stage {number:02}
    owed_by: {{groups: [don-vi]}}
    owed_to: chu-tich
    through: thuong-truc
    opens: {{on: Y-01-06}}
    due: {{by: Y-{month:02}-{day:02}}}
    locks: {{count: 20, unit: working, from: stage-{number:02}.due}}
    deliverable: Báo cáo
    ladder: standard
    review: {{count: 3, unit: working, ladder: review}}
    correction: {{count: 5, unit: working, ladder: standard}}
    words: chậm nhất ngày {day} tháng {month}
    basis: kh-1
    source: none
"""


def synthetic_year(units: int, stages: int) -> tuple[str, Roster]:
    """Return a plan's YAML text and its roster: so many units, each of which owes so many stages."""
    return synthetic_plan(units, stages), synthetic_roster(units)


def synthetic_plan(units: int, stages: int) -> str:
    """Return the plan: its stages fall due over March to November, at most nine a month."""
    lines = [STAGE.format(number=number + 1, month=3 + number % 9, day=5 + 2 * (number // 9)) for number in range(stages)]
    return HEAD.format(units=units, stages=stages) + "".join(lines)


def synthetic_roster(units: int) -> Roster:
    """Return the roster: the chair, the standing body, and so many units, each with an officer and a head."""
    chair = Party(key="chu-tich", kind=PartyKind.BODY, name="Chủ tịch thử", mailbox="chu-tich@thu.invalid")
    body = Party(key="thuong-truc", kind=PartyKind.UNIT, name="Cơ quan thường trực thử", superior="chu-tich", mailbox="tt@thu.invalid")
    parties = (chair, body, *(_unit(number) for number in range(1, units + 1)))
    contacts = tuple(_contact(party, role) for party in parties for role in (Role.OFFICER, Role.HEAD))
    return Roster(key=f"synthetic-{units}", title="Danh sách thử", groups=(("don-vi", "Đơn vị"),), parties=parties, contacts=contacts)


def _unit(number: int) -> Party:
    key = f"dv-{number:05}"
    return Party(
        key=key,
        kind=PartyKind.UNIT,
        name=f"Đơn vị {number:05} (tên chưa có nguồn)",
        level="commune",
        group="don-vi",
        superior="chu-tich",
        mailbox=f"{key}@thu.invalid",
    )


def _contact(party: Party, role: Role) -> RosterContact:
    key = f"{role.value}.{party.key}"
    return RosterContact(key=key, party=party.key, role=role, name=f"{role.value} – {party.name}", address=f"{key}@thu.invalid")
