"""Changing what an authority is called and how its head looks: names, the line of its standing body, its logo."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, update

from evaluation.branding import MOST_LETTERS, MOST_LETTERS_SHORT, LogoError, logo_kind
from store.journal import Entry
from store.locks import hold_authority
from store.queries.branding import Head, head_of
from store.refusals import RefusalError
from store.schema import AUTHORITY, BRANDING

if TYPE_CHECKING:
    from store.session import Transaction


class BrandingError(RefusalError):
    """An authority's head cannot be so: why, and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadChange:
    """What is to be different; None: as it is."""

    name: str | None = None
    name_en: str | None = None
    short_name: str | None = None
    standing_line: str | None = None
    standing_line_en: str | None = None
    logo: bytes | None = None  #: empty: none any more


def change_head(transaction: Transaction, authority: int, change: HeadChange) -> Head:
    """
    Change the head of an authority and return it; what is the same already changes nothing and is not journaled.

    The journal says which parts were changed, and the SHA-256 of a new logo; the words themselves stand in the table.

    Raises:
        BrandingError: no name is left, or the logo is none that can be taken; nothing is changed.

    """
    hold_authority(transaction.connection, authority)
    before = head_of(transaction.connection, authority)
    wanted = {name: _line(name, words) for name, words in asdict(change).items() if isinstance(words, str)}
    fresh: dict[str, Any] = {name: words for name, words in wanted.items() if words != getattr(before.words, name)}
    if change.logo is not None:
        picture = _logo(change.logo)
        fresh |= picture if picture["logo_sha256"] != before.logo else {}
    if fresh:
        _write(transaction, before, fresh)
    return head_of(transaction.connection, authority)


def _line(name: str, words: str) -> str:
    """Return words as one line in NFC."""
    plain = " ".join(unicodedata.normalize("NFC", words).split())
    most = MOST_LETTERS_SHORT if name == "short_name" else MOST_LETTERS
    if len(plain) > most:
        vi, en = f"dài {len(plain)} chữ, nhiều nhất {most}", f"has {len(plain)} letters, at most {most}"
        raise BrandingError(vi, en, field=name)
    if name == "name" and not plain:
        vi, en = "cơ quan phải có tên", "an authority must have a name"
        raise BrandingError(vi, en, field=name)
    return plain


def _logo(content: bytes) -> dict[str, Any]:
    if not content:
        return {"logo": None, "logo_kind": "", "logo_sha256": ""}
    try:
        kind = logo_kind(content)
    except LogoError as error:
        vi, en = f"logo: {error.vi}", f"logo: {error.en}"
        raise BrandingError(vi, en, field="logo") from None
    return {"logo": content, "logo_kind": kind.value, "logo_sha256": hashlib.sha256(content).hexdigest()}


def _write(transaction: Transaction, before: Head, fresh: dict[str, Any]) -> None:
    connection, authority = transaction.connection, before.authority
    if "name" in fresh:
        connection.execute(update(AUTHORITY).where(AUTHORITY.c.id == authority).values(name=fresh["name"]))
    beside = {name: value for name, value in fresh.items() if name != "name"} | {"version": before.version + 1}
    if before.version:
        connection.execute(update(BRANDING).where(BRANDING.c.authority_id == authority).values(**beside))
    else:
        empty = {"name_en": "", "short_name": "", "standing_line": "", "standing_line_en": "", **_logo(b"")}
        connection.execute(insert(BRANDING).values(authority_id=authority, **empty | beside))
    payload: dict[str, Any] = {"changed": sorted(name for name in fresh if not name.startswith("logo_"))}
    if "logo" in fresh:
        payload["logo"] = fresh["logo_sha256"]
    transaction.entries.append(Entry(authority=authority, action="change-authority", payload=payload))
