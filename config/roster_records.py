"""Roster records: a roster's data, already found to be in order, as frozen records, with the addresses it leaves out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from evaluation.kinds import PartyKind, Role
from evaluation.rosters import Party, Roster, RosterContact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.source import Source

#: What a post is called where no person is known (docs/plan-format.md).
POST_NAMES = {
    Role.OFFICER: "Công chức đầu mối CCHC",
    Role.HEAD: "Người đứng đầu",
    Role.DEPUTY_HEAD: "Cấp phó của người đứng đầu",
    Role.MEMBER: "Thành viên",
    Role.APPRAISER: "Người thẩm định",
    Role.FIELD_LEAD: "Chủ trì lĩnh vực",
    Role.INSPECTOR: "Người kiểm tra",
    Role.SURVEY_RUNNER: "Người điều tra",
    Role.AUDITOR: "Người giám sát",
    Role.ADMINISTRATOR: "Quản trị hệ thống",
}


def build_roster(source: Source) -> Roster:
    """Return the roster that a faultless source says, mailboxes and posts filled in."""
    given: dict[str, Any] = source.mapping()
    domain = given.get("domain", "")
    parties = tuple(_party(party, domain=domain, line=source.place(steps).line) for steps, party in source.mappings("parties"))
    contacts = [_contact(contact, line=source.place(steps).line) for steps, contact in source.mappings("contacts")]
    staffed = {contact.party for contact in contacts}
    contacts += _posts((party for party in parties if party.key not in staffed), roles=given.get("posts", ()), domain=domain)
    return Roster(
        key=given["key"],
        title=given["title"],
        groups=tuple(given.get("groups", {}).items()),
        parties=parties,
        contacts=tuple(contacts),
        file=source.file,
    )


def post_key(role: str, party: str) -> str:
    """Return the key of the contact that stands for a post; also the part of its address before the @."""
    return f"{role}.{party}"


def _party(given: Mapping[str, Any], *, domain: str, line: int) -> Party:
    return Party(
        key=given["key"],
        kind=PartyKind(given.get("kind", PartyKind.UNIT)),
        name=given["name"],
        level=given.get("level", ""),
        group=given.get("group", ""),
        superior=given.get("superior", ""),
        mailbox=given.get("mailbox", f"{given['key']}@{domain}" if domain else ""),
        valid_from=_date(given.get("valid_from")),
        valid_to=_date(given.get("valid_to")),
        exempt=given.get("exempt", ""),
        successors=tuple(given.get("successors", ())),
        code=given.get("code", ""),
        source=given["source"],
        line=line,
    )


def _contact(given: Mapping[str, Any], *, line: int) -> RosterContact:
    return RosterContact(
        key=given["key"],
        party=given["party"],
        role=Role(given["role"]),
        name=given["name"],
        address=given["address"],
        valid_from=_date(given.get("from")),
        valid_to=_date(given.get("to")),
        deputy=given.get("deputy", ""),
        deputy_from=_date(given.get("deputy_from")),
        deputy_to=_date(given.get("deputy_to")),
        phone=given.get("phone", ""),
        language=given.get("language", "vi"),
        fields=tuple(given.get("fields", ())),
        line=line,
    )


def _posts(parties: Iterator[Party], *, roles: list[str], domain: str) -> Iterator[RosterContact]:
    for party in parties:
        for role in map(Role, roles):
            key = post_key(role, party.key)
            name = f"{POST_NAMES[role]} – {party.name}"
            yield RosterContact(key=key, party=party.key, role=role, name=name, address=f"{key}@{domain}", line=party.line)


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
