"""Composing: bundles become exact mails, their letters read in bulk."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import structlog

from config.installation_key import installation_key
from notifications.mime import Sender, UnfitAddressError, build_mail, is_address, thread_of
from notifications.render import render
from store.outbox.freezing import FrozenMail
from store.queries.letters import read_letters
from store.secrets import Secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from config.settings import Settings
    from notifications.letters import Letter
    from store.outbox.gathering import Bundle
    from store.session import Store

log = structlog.get_logger()


class Composer(Protocol):
    """Makes the exact mails of bundles; a bundle that no mail can be made of is left out."""

    def __call__(self, store: Store, bundles: Sequence[Bundle], *, now: datetime) -> list[FrozenMail]:
        """Return the mails of bundles, in their order."""
        ...


@dataclass(frozen=True, kw_only=True)
class LetterComposer:
    """Makes mails of the letters that `store.queries.letters` reads, in a read-only view."""

    sender: Sender
    domain: str  #: right side of each Message-ID
    base_url: str
    support_phone: str = ""
    secrets: Callable[[], Secrets] | None = None  #: asked for when a mail carries a one-time link

    def __call__(self, store: Store, bundles: Sequence[Bundle], *, now: datetime) -> list[FrozenMail]:
        """Return the mails of bundles in their order; one whose recipient cannot be written to has no address and no bytes."""
        letters: dict[int, Letter] = {}
        with store.reading() as connection:
            for some in _one_each(bundles):
                wanted = {bundle.recipient: bundle.notices for _, bundle in some}
                found = read_letters(store, connection, authority=some[0][1].authority, wanted=wanted, now=now)
                letters |= {place: found[bundle.recipient] for place, bundle in some}
        made = (self._made(bundle, letters[place]) for place, bundle in enumerate(bundles))
        return [mail for mail in made if mail is not None]

    def _made(self, bundle: Bundle, letter: Letter) -> FrozenMail | None:
        try:
            return self.mail(bundle, letter)
        except Exception:  # one mail that cannot be made keeps no other from leaving; whoever gathers says so
            log.exception("mail.not_made", authority=bundle.authority, notices=bundle.notices)
            return None

    def mail(self, bundle: Bundle, letter: Letter) -> FrozenMail:
        """Return the exact mail of one letter."""
        header_id = bundle.header_id(self.domain)
        rendered = render(self._with_token(letter), base_url=self.base_url, support_phone=self.support_phone)
        try:
            thread = thread_of(letter, domain=self.domain)
            body = build_mail(rendered, letter=letter, header_id=header_id, sender=self.sender, thread=thread)
        except UnfitAddressError:
            if not is_address(self.sender.address):  # ours is unfit, not theirs: nobody's mail may be lost for it
                raise
            return FrozenMail(bundle=bundle, header_id=header_id, address="", subject=rendered.subject, body=b"")
        return FrozenMail(bundle=bundle, header_id=header_id, address=letter.address, subject=rendered.subject, body=body)

    def _with_token(self, letter: Letter) -> Letter:
        """Return the letter with the token of its one-time link, which nobody but its reader ever sees."""
        only = letter.only
        if only is None or only.one_time is None or self.secrets is None:
            return letter
        link = only.one_time
        token = self.secrets().link_token(link.purpose.value, link.nonce)
        return replace(letter, items=(replace(only, one_time=replace(link, token=token)),))


def _one_each(bundles: Iterable[Bundle]) -> Iterator[list[tuple[int, Bundle]]]:
    """Yield places and bundles so that in each list there is one authority and no recipient twice."""
    lists: dict[tuple[int, int], list[tuple[int, Bundle]]] = defaultdict(list)
    seen: dict[tuple[int, str], int] = defaultdict(int)
    for place, bundle in enumerate(bundles):
        whose = (bundle.authority, bundle.recipient)
        lists[bundle.authority, seen[whose]].append((place, bundle))
        seen[whose] += 1
    yield from lists.values()


def composer_of(settings: Settings) -> LetterComposer:
    """Return what makes mails of notices by the settings."""
    return LetterComposer(
        sender=Sender(address=settings.mail_from, name=settings.mail_from_name),
        domain=settings.mail_domain,
        base_url=settings.base_url,
        support_phone=settings.support_phone,
        secrets=lambda: Secrets(key=installation_key(settings)),
    )
