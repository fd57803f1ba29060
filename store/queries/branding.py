"""Reading what an authority is called and how its head looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, select

from evaluation.branding import MOST_BYTES_IN_MAIL, Branding, LogoKind
from store.schema import AUTHORITY, BRANDING

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

_WORDS = ("name_en", "short_name", "standing_line", "standing_line_en")


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The head of an authority as it is now."""

    authority: int
    key: str
    words: Branding
    version: int  #: 0: nothing was ever given
    logo: str  #: SHA-256 of the picture; empty: none
    logo_kind: str  #: media type


@dataclass(frozen=True, kw_only=True, slots=True)
class Logo:
    """A picture as it was sent."""

    kind: LogoKind
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class MailHead:
    """What an authority's mails say of it."""

    id: int
    key: str
    sandbox: bool
    zone: str
    words: Branding
    logo: bytes  #: empty: none, or none that travels in mails


def head_of(connection: Connection, authority: int) -> Head:
    """Return the head of an authority that is there. One query."""
    (found,) = _heads(connection, AUTHORITY.c.id == authority)
    return found


def head_of_house(connection: Connection) -> Head | None:
    """Return the head of whose installation it is: the only authority that is no sandbox, or the only one of all; else None. One query."""
    every = _heads(connection)
    real = _heads(connection, AUTHORITY.c.sandbox.is_(False)) if len(every) > 1 else every
    return real[0] if len(real) == 1 else None


def logo_of(connection: Connection, sha256: str) -> Logo | None:
    """Return the picture of that content, whoever's it is; None if nobody's."""
    found = connection.execute(select(BRANDING.c.logo_kind, BRANDING.c.logo).where(BRANDING.c.logo_sha256 == sha256)).first()
    return None if not sha256 or found is None else Logo(kind=LogoKind(found.logo_kind), content=bytes(found.logo))


def mail_head_of(connection: Connection, authority: int) -> MailHead:
    """Return what an authority's mails say of it; of its logo only a PNG that is small enough to travel in each. One query."""
    fits = and_(BRANDING.c.logo_kind == LogoKind.PNG.value, func.length(BRANDING.c.logo) <= MOST_BYTES_IN_MAIL)
    query = select(AUTHORITY, *_given(*_WORDS), case((fits, BRANDING.c.logo)).label("logo"))
    row = connection.execute(query.outerjoin(BRANDING, BRANDING.c.authority_id == AUTHORITY.c.id).where(AUTHORITY.c.id == authority)).one()
    words = Branding(name=row.name, **{name: getattr(row, name) for name in _WORDS})
    return MailHead(id=row.id, key=row.key, sandbox=row.sandbox, zone=row.zone, words=words, logo=bytes(row.logo or b""))


def _given(*names: str) -> list[ColumnElement[str]]:
    return [func.coalesce(BRANDING.c[name], "").label(name) for name in names]


def _heads(connection: Connection, *wanted: ColumnElement[bool]) -> list[Head]:
    given = _given(*_WORDS, "logo_sha256", "logo_kind")
    version = func.coalesce(BRANDING.c.version, 0).label("version")
    query = select(AUTHORITY.c.id, AUTHORITY.c.key, AUTHORITY.c.name, version, *given)
    rows = connection.execute(query.outerjoin(BRANDING, BRANDING.c.authority_id == AUTHORITY.c.id).where(*wanted).limit(2))
    return [
        Head(
            authority=row.id,
            key=row.key,
            words=Branding(name=row.name, **{name: getattr(row, name) for name in _WORDS}),
            version=row.version,
            logo=row.logo_sha256,
            logo_kind=row.logo_kind,
        )
        for row in rows
    ]
