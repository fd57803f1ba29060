"""Report forms of an authority: taken in as YAML, each version kept, in the place of the shipped form of its key or under another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from config.form_files import parse_form
from store.form_faults import IMPORT_FORM
from store.journal import Entry
from store.locks import hold_authority
from store.refusals import RefusalError
from store.reports import keep_form
from store.schema import OWN_FORM, REPORT_FORM

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from store.session import Transaction


class FormRefusedError(RefusalError):
    """A form cannot be taken in: why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class FormVersion:
    """A form that an authority has taken in."""

    key: str
    number: int  #: from 1; the highest is asked
    title: str
    title_en: str
    sha256: str  #: of its text
    fields: int
    entered_at: datetime


def take_in_form(transaction: Transaction, authority: int, text: str, *, file: str = "form.yaml") -> FormVersion:
    """
    Keep a form as the next version of its key and return it; reports that are begun from now on ask it, the others stay as they are.

    Raises:
        FormError: the text is no form; every fault by line and column.
        FormRefusedError: the text is that of the newest version.

    """
    form = parse_form(text, file=file)
    hold_authority(transaction.connection, authority)
    known = own_forms(transaction.connection, authority, key=form.key)
    form_id, digest = keep_form(transaction, form.key, text)
    if known and known[0].sha256 == digest:
        vi, en = f"tệp không khác gì phiên bản {known[0].number}", f"the file says nothing else than version {known[0].number}"
        raise FormRefusedError(vi, en)
    number = known[0].number + 1 if known else 1
    row = {"authority_id": authority, "key": form.key, "number": number, "form_id": form_id}
    transaction.connection.execute(insert(OWN_FORM).values(**row, entered_at=transaction.now, contact_id=transaction.actor.contact))
    payload = {"key": form.key, "number": number, "sha256": digest}
    transaction.entries.append(Entry(authority=authority, action=IMPORT_FORM, payload=payload))
    return own_forms(transaction.connection, authority, key=form.key)[0]


def own_forms(connection: Connection, authority: int, *, key: str = "") -> list[FormVersion]:
    """Return the versions that an authority has taken in, of one key or of all, the newest first."""
    query = (
        select(OWN_FORM.c.key, OWN_FORM.c.number, OWN_FORM.c.entered_at, REPORT_FORM.c.sha256, REPORT_FORM.c.yaml)
        .join(REPORT_FORM, REPORT_FORM.c.id == OWN_FORM.c.form_id)
        .where(OWN_FORM.c.authority_id == authority)
        .order_by(OWN_FORM.c.key, OWN_FORM.c.number.desc())
    )
    rows = connection.execute(query.where(OWN_FORM.c.key == key) if key else query)
    return [
        FormVersion(
            key=row.key,
            number=row.number,
            title=(form := parse_form(row.yaml)).title,
            title_en=form.title_en,
            sha256=row.sha256,
            fields=len(form.fields),
            entered_at=row.entered_at,
        )
        for row in rows
    ]


def form_texts(connection: Connection, authority: int) -> tuple[str, ...]:
    """Return the text of the newest version of each own form of an authority, by key."""
    query = select(OWN_FORM.c.key, REPORT_FORM.c.yaml).join(REPORT_FORM, REPORT_FORM.c.id == OWN_FORM.c.form_id)
    rows = connection.execute(query.where(OWN_FORM.c.authority_id == authority).order_by(OWN_FORM.c.key, OWN_FORM.c.number))
    newest = dict(rows.tuples().all())
    return tuple(newest.values())
