"""Audiences: role, person in office, deputy while absent, mailbox, superior, standing body; a rung never ends with nobody."""

from __future__ import annotations

from typing import Any

import pytest

from evaluation.actions import Told
from evaluation.audiences import Addressee, Concerned, Contact, Directory, audience_told, merged
from evaluation.kinds import Audience, Role
from tests.evaluation.one_duty import day

PROVINCE, STANDING_BODY, CHAIR, COMMUNE, JUSTICE, HAMLET = 1, 2, 3, 4, 5, 6
ON = "20/01/2026"


def contact(ident: int, party: int, role: Role = Role.OFFICER, **changes: Any) -> Contact:
    dates: dict[str, Any] = {name: day(value) if isinstance(value, str) else value for name, value in changes.items()}
    return Contact(id=ident, party=party, role=role, **dates)


def directory(*contacts: Contact, mailboxes: tuple[int, ...] = (), superiors: dict[int, int] | None = None) -> Directory:
    above = {COMMUNE: PROVINCE, JUSTICE: PROVINCE} if superiors is None else superiors
    parties = {
        party: Addressee(id=party, superior=above.get(party), has_mailbox=party in mailboxes)
        for party in (PROVINCE, STANDING_BODY, CHAIR, COMMUNE, JUSTICE)
    }
    return Directory(on=day(ON), parties=parties, contacts=contacts, standing_body=STANDING_BODY, chair=CHAIR)


def officer_told(
    *contacts: Contact, mailboxes: tuple[int, ...] = (), superiors: dict[int, int] | None = None, party: int = COMMUNE
) -> Told:
    return directory(*contacts, mailboxes=mailboxes, superiors=superiors).told(party, Role.OFFICER)


MISSING = (f"contact/{COMMUNE}/officer",)
SECRETARY = contact(20, STANDING_BODY)


@pytest.mark.parametrize(
    ("contacts", "mailboxes", "expected"),
    [
        pytest.param([contact(10, COMMUNE)], (COMMUNE,), Told(recipients=("c10",)), id="the person in office"),
        pytest.param([contact(10, COMMUNE), contact(11, COMMUNE)], (), Told(recipients=("c10", "c11")), id="all who hold the post"),
        pytest.param(
            [contact(10, COMMUNE, deputy=11, deputy_from="19/01/2026", deputy_to="21/01/2026"), contact(11, COMMUNE, Role.HEAD)],
            (),
            Told(recipients=("c11",)),
            id="the deputy while absent",
        ),
        pytest.param(
            [
                contact(10, COMMUNE, deputy=12, deputy_from="19/01/2026"),
                contact(11, COMMUNE, deputy=12, deputy_from="19/01/2026"),
                contact(12, COMMUNE),
            ],
            (),
            Told(recipients=("c12",)),
            id="one deputy of two is told once",
        ),
        pytest.param(
            [contact(10, COMMUNE, reachable=False)], (COMMUNE,), Told(recipients=("m4",), missing=MISSING), id="unreachable: the mailbox"
        ),
        pytest.param(
            [contact(10, COMMUNE, reachable=False), contact(11, COMMUNE)],
            (COMMUNE,),
            Told(recipients=("c11",)),
            id="one of two unreachable: the other",
        ),
        pytest.param(
            [contact(10, COMMUNE, deputy=11, deputy_from="19/01/2026"), contact(11, COMMUNE, Role.HEAD, reachable=False)],
            (COMMUNE,),
            Told(recipients=("m4",), missing=MISSING),
            id="absent and the deputy unreachable: the mailbox",
        ),
        pytest.param(
            [contact(10, COMMUNE, deputy=11, deputy_from="19/01/2026"), contact(11, COMMUNE, Role.HEAD, valid_to="19/01/2026")],
            (COMMUNE,),
            Told(recipients=("m4",), missing=MISSING),
            id="absent and the deputy gone from office: the mailbox",
        ),
        pytest.param(
            [contact(10, COMMUNE, valid_to="19/01/2026", deputy=11, deputy_from="01/01/2026"), contact(11, COMMUNE, Role.HEAD)],
            (COMMUNE,),
            Told(recipients=("m4",), missing=MISSING),
            id="gone from office: the deputy stands in for him no more",
        ),
        pytest.param(
            [contact(10, COMMUNE, deputy=99, deputy_from="19/01/2026")],
            (COMMUNE,),
            Told(recipients=("m4",), missing=MISSING),
            id="absent and the deputy unknown: the mailbox",
        ),
        pytest.param(
            [contact(10, COMMUNE, Role.HEAD)], (COMMUNE,), Told(recipients=("m4",), missing=MISSING), id="the head is not the officer"
        ),
        pytest.param(
            [], (COMMUNE, PROVINCE), Told(recipients=("m4",), missing=MISSING), id="nobody in the post: the unit's own mailbox first"
        ),
        pytest.param([], (PROVINCE,), Told(recipients=("m1",), missing=MISSING), id="no mailbox: the superior's"),
        pytest.param([SECRETARY], (), Told(recipients=("c20",), missing=MISSING), id="nothing above: the standing body's officer"),
        pytest.param(
            [contact(21, STANDING_BODY, Role.HEAD)],
            (),
            Told(recipients=("c21",), missing=MISSING),
            id="its officer missing: the standing body's head",
        ),
        pytest.param(
            [contact(20, STANDING_BODY, reachable=False), contact(21, STANDING_BODY, Role.HEAD)],
            (),
            Told(recipients=("c21",), missing=MISSING),
            id="its officer unreachable: the standing body's head",
        ),
        pytest.param(
            [contact(20, STANDING_BODY, deputy=21, deputy_from="01/01/2026"), contact(21, STANDING_BODY, Role.HEAD)],
            (),
            Told(recipients=("c21",), missing=MISSING),
            id="its officer absent: the deputy, not the absent one",
        ),
        pytest.param([], (STANDING_BODY,), Told(recipients=("m2",), missing=MISSING), id="nobody in the standing body: its mailbox"),
        pytest.param([], (), Told(recipients=(), missing=MISSING), id="not even the standing body can be reached"),
    ],
)
def test_the_way_down(contacts: list[Contact], mailboxes: tuple[int, ...], expected: Told) -> None:
    assert officer_told(*contacts, mailboxes=mailboxes) == expected


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "in_office"),
    [
        pytest.param(None, None, True, id="without dates"),
        pytest.param(ON, ON, True, id="first and last day at once"),
        pytest.param("21/01/2026", None, False, id="from tomorrow"),
        pytest.param(None, "19/01/2026", False, id="until yesterday"),
    ],
)
def test_only_who_is_in_office_is_told(valid_from: str | None, valid_to: str | None, *, in_office: bool) -> None:
    person = contact(10, COMMUNE, valid_from=valid_from, valid_to=valid_to)
    assert officer_told(person, mailboxes=(COMMUNE,)).recipients == (("c10",) if in_office else ("m4",))


@pytest.mark.parametrize(
    ("deputy_from", "deputy_to", "absent"),
    [
        pytest.param(ON, ON, True, id="absent on this day alone"),
        pytest.param("01/01/2026", None, True, id="absent without an end"),
        pytest.param("21/01/2026", None, False, id="absent from tomorrow"),
        pytest.param("01/01/2026", "19/01/2026", False, id="back since today"),
        pytest.param(None, None, False, id="a deputy is named, nobody is absent"),
    ],
)
def test_the_deputy_stands_in_only_while_the_other_is_absent(deputy_from: str | None, deputy_to: str | None, *, absent: bool) -> None:
    person = contact(10, COMMUNE, deputy=11, deputy_from=deputy_from, deputy_to=deputy_to)
    assert officer_told(person, contact(11, COMMUNE, Role.HEAD)).recipients == (("c11",) if absent else ("c10",))


def test_the_superiors_superior_is_asked_too() -> None:
    told = officer_told(mailboxes=(PROVINCE,), superiors={COMMUNE: JUSTICE, JUSTICE: PROVINCE})
    assert told.recipients == ("m1",)


def test_a_circle_of_superiors_ends_with_the_standing_body() -> None:
    assert officer_told(SECRETARY, superiors={COMMUNE: JUSTICE, JUSTICE: COMMUNE}).recipients == ("c20",)


def test_a_party_that_nobody_knows_ends_with_the_standing_body() -> None:
    assert officer_told(SECRETARY, party=HAMLET) == Told(recipients=("c20",), missing=(f"contact/{HAMLET}/officer",))


# --- audiences of an obligation ---------------------------------------------------------------------------------------

OF = Concerned(party=COMMUNE, receiver=STANDING_BODY, coordinating=(JUSTICE, PROVINCE))
EVERYONE = [
    contact(10, COMMUNE),
    contact(11, COMMUNE, Role.HEAD),
    SECRETARY,
    contact(30, CHAIR, Role.HEAD),
    contact(31, CHAIR),
    contact(40, JUSTICE),
    contact(41, JUSTICE, Role.HEAD),
    contact(50, PROVINCE),
]


@pytest.mark.parametrize(
    ("audience", "recipients"),
    [
        pytest.param(Audience.OFFICER, ("c10",), id="the officer of who owes"),
        pytest.param(Audience.HEAD, ("c11",), id="the head of who owes"),
        pytest.param(Audience.RECEIVER, ("c20",), id="the officer of who receives"),
        pytest.param(Audience.COORDINATING, ("c40", "c50"), id="the officers of who co-ordinates"),
        pytest.param(Audience.SUPERIOR, ("c50",), id="the officer of the superior unit"),
        pytest.param(Audience.STANDING_BODY, ("c20",), id="the officer of the standing body"),
        pytest.param(Audience.CHAIR, ("c30",), id="the chair himself"),
    ],
)
def test_whom_an_audience_means(audience: Audience, recipients: tuple[str, ...]) -> None:
    assert audience_told(audience, of=OF, directory=directory(*EVERYONE)) == Told(recipients=recipients)


@pytest.mark.parametrize("party", [PROVINCE, HAMLET])
def test_who_has_no_superior_is_under_the_standing_body(party: int) -> None:
    told = audience_told(Audience.SUPERIOR, of=Concerned(party=party, receiver=STANDING_BODY), directory=directory(*EVERYONE))
    assert told == Told(recipients=("c20",))


def test_nobody_co_ordinates_where_nobody_is_named() -> None:
    told = audience_told(Audience.COORDINATING, of=Concerned(party=COMMUNE, receiver=STANDING_BODY), directory=directory(*EVERYONE))
    assert told == Told(recipients=())


def test_each_recipient_and_each_missing_post_is_named_once_in_order() -> None:
    answers = [Told(recipients=("c2", "c1"), missing=("b",)), Told(recipients=("c1", "c3"), missing=("a", "b"))]
    assert merged(answers) == Told(recipients=("c2", "c1", "c3"), missing=("b", "a"))


def test_two_empty_posts_that_fall_to_one_mailbox_tell_it_once() -> None:
    of = Concerned(party=COMMUNE, receiver=STANDING_BODY, coordinating=(JUSTICE, JUSTICE))
    told = audience_told(Audience.COORDINATING, of=of, directory=directory(mailboxes=(PROVINCE,)))
    assert told == Told(recipients=("m1",), missing=(f"contact/{JUSTICE}/officer",))


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.OFFICER, Role.HEAD}])
def test_no_rung_tells_a_role_that_no_audience_means(audience: Audience, role: Role) -> None:
    """Who appraises, inspects, audits or administers has no ladder of their own."""
    others = tuple(contact(30 + party, party, role) for party in (PROVINCE, STANDING_BODY, CHAIR, COMMUNE, JUSTICE))
    concerned = Concerned(party=COMMUNE, receiver=JUSTICE, coordinating=(PROVINCE,))
    told = audience_told(audience, of=concerned, directory=directory(*others, mailboxes=(STANDING_BODY,)))
    assert told.recipients == (f"m{STANDING_BODY}",)
