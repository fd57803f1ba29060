"""
Rendering: a letter in words, as subject, text, HTML and calendar part.

One folder of templates per message kind and language, the text first; a mail with several notices has a folder of its own.
Templates are sandboxed: they see sheets of words, change nothing, and a name that does not exist is an error.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notifications.answering import AnswersSheet, answer_counts, answer_groups, answers_sheet
from notifications.calendar_part import calendar_of, revocation_of
from notifications.groups import Group, counts, digest_counts, digest_groups, grouped, mail_counts
from notifications.letters import Language
from notifications.phrases import ACCOUNT_CHANGES, pick
from notifications.results import ResultSheet, result_sheet
from notifications.sheets import Sheet, When, cut, one_line, sheet_of, today_of
from notifications.wording import local_moment

if TYPE_CHECKING:
    from jinja2 import Template

    from notifications.letters import Letter

TEMPLATES = Path(__file__).with_name("templates")
SEVERAL = "several"
MOST_IN_SUBJECT = 150
LOGO_ID = "logo@dondoc"  #: Content-ID of the authority's logo in a mail
_BLANK_LINES = re.compile(r"\n[ \t]*\n([ \t]*\n)+")
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """A mail's words."""

    subject: str  #: one line, at most 150 characters
    text: str
    html: str
    ics: bytes | None  #: the calendar part; None where nothing is due
    revoked: bytes | None = None  #: the calendar part that takes back what was due; None where nothing is


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """What the layout says of the mail as a whole."""

    authority: str
    standing_line: str  #: of the standing body, under the authority's name
    logo: str  #: address of the picture that travels along; empty: none
    name: str  #: of the recipient
    to_mailbox: bool
    sandbox: bool
    prefix: str  #: `[THỬ][CCHC 2026]`
    today: str
    link: str
    helpdesk: str
    phone: str
    mailbox: str
    support: str  #: telephone of the installation's own support, where it is another one
    count: int
    until: str  #: to when its one-time link is good
    change: str  #: what was done to the account: `đã đổi mật khẩu`
    changed_at: str
    changed_from: str  #: network address; empty: on the server itself


#: Frozen records of plain words: whatever a template asks of them is harmless.
_WORDS = frozenset({AnswersSheet, Group, Mail, ResultSheet, Sheet, When})


class Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, which asks no questions about the fields of our own sheets of words."""

    def getattr(self, obj: object, attribute: str) -> object:
        """Return a field, or what the sandbox makes of the attribute."""
        if type(obj) in _WORDS and not attribute.startswith("_") and hasattr(obj, attribute):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


@lru_cache(maxsize=1)
def environment() -> Sandbox:
    """Return the templates' environment; each template is compiled once in a process."""
    return Sandbox(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )


@lru_cache(maxsize=512)
def _template(folder: str, language: Language, name: str) -> Template:
    return environment().get_template(f"{folder}/{language.value}/{name}")


def render(letter: Letter, *, base_url: str, support_phone: str) -> Rendered:
    """
    Return the words of a letter; the same letter gives the same words.

    `base_url` begins its one link; `support_phone` is whom to phone where the standing body has no telephone of its own.
    """
    folder = letter.kind.value if letter.only is not None else SEVERAL
    context = _context(letter, base_url=base_url, support_phone=support_phone)
    subject = _template(folder, letter.language, "subject.txt").render(context)
    text = _template(folder, letter.language, "body.txt").render(context)
    html = _template(folder, letter.language, "body.html").render(context)
    return Rendered(
        subject=cut(one_line(subject), most=MOST_IN_SUBJECT),
        text=_tidy(text),
        html=unicodedata.normalize("NFC", html),
        ics=calendar_of(letter, base_url=base_url),
        revoked=revocation_of(letter, base_url=base_url),
    )


def _tidy(text: str) -> str:
    """Return a text in NFC without trailing blanks and without more than one empty line in a row."""
    plain = _TRAILING.sub("", unicodedata.normalize("NFC", text))
    return _BLANK_LINES.sub("\n\n", plain).strip() + "\n"


def link_of(letter: Letter, *, base_url: str) -> str:
    """Return the one link of a mail: its one-time link, signing in, its obligation or result sheet, its cycle, or the first page."""
    base = base_url.rstrip("/")
    only = letter.only
    if only is not None and only.one_time is not None:
        return f"{base}/links/{only.one_time.purpose}/{only.one_time.token}"
    if only is not None and only.result is not None:
        return f"{base}{only.result.path}"
    if only is not None and only.account_change is not None:
        return f"{base}/sign-in"
    if only is not None and only.obligation is not None:
        return f"{base}/obligations/{only.obligation}"
    cycles = {item.running.id for item in letter.items if item.running is not None}
    return f"{base}/cycles/{cycles.pop()}" if len(cycles) == 1 else f"{base}/"


def _context(letter: Letter, *, base_url: str, support_phone: str) -> dict[str, Any]:
    language = letter.language
    mail = _mail(letter, base_url=base_url, support_phone=support_phone)
    context: dict[str, Any] = {"mail": mail, "it": sheet_of(letter.items[0], letter=letter)}
    only = letter.only
    if only is None:
        context["groups"] = grouped(letter)
        context["counts"] = counts(letter.items, language=language)
    elif only.digest is not None:
        context["groups"] = digest_groups(only.digest, language=language)
        context["counts"] = digest_counts(only.digest, language=language)
        context["mails"] = mail_counts(only.digest, language=language)
    elif only.result is not None:
        context["result"] = result_sheet(only.result, language=language)
    elif only.answers is not None:
        context["answers"] = answers_sheet(only.answers, zone=letter.zone, language=language)
        context["groups"] = answer_groups(only.answers, language=language)
        context["counts"] = answer_counts(only.answers, language=language)
    return context


def _mail(letter: Letter, *, base_url: str, support_phone: str) -> Mail:
    desk = letter.helpdesk
    phone = one_line(desk.phone or support_phone)
    link, change = letter.items[0].one_time, letter.items[0].account_change
    return Mail(
        authority=one_line(letter.authority_name),
        standing_line=one_line(letter.standing_line),
        logo=f"cid:{LOGO_ID}" if letter.logo else "",
        name=one_line(letter.name),
        to_mailbox=letter.to_mailbox,
        sandbox=letter.sandbox,
        prefix=_prefix(letter),
        today=today_of(letter),
        link=link_of(letter, base_url=base_url),
        helpdesk=one_line(desk.name),
        phone=phone,
        mailbox=one_line(desk.mailbox),
        support="" if one_line(support_phone) == phone else one_line(support_phone),
        count=len(letter.items),
        until="" if link is None else local_moment(link.expires_at, zone=letter.zone, language=letter.language),
        change="" if change is None else pick(ACCOUNT_CHANGES[change.what], language=letter.language),
        changed_at="" if change is None else local_moment(change.at, zone=letter.zone, language=letter.language),
        changed_from="" if change is None else one_line(change.address),
    )


def _prefix(letter: Letter) -> str:
    vi = letter.language is Language.VI
    years = ", ".join(str(year) for year in sorted({item.running.year for item in letter.items if item.running is not None}))
    test = ("[THỬ]" if vi else "[TEST]") if letter.sandbox else ""
    return f"{test}[{'CCHC' if vi else 'PAR'}{f' {years}' if years else ''}]"
