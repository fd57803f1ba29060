"""Who acts, in every write."""

from __future__ import annotations

from dataclasses import dataclass

SYSTEM = "system"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: the engine, or a contact; and the operating-system user at the keyboard, where there is one."""

    who: str = SYSTEM  #: `system` or `c<contact>`
    os_user: str = ""
    deputy_of: int | None = None  #: contact stood in for
    on_behalf_of: int | None = None  #: party acted for
    address: str = ""  #: network address; empty: on this machine. Never in the journal

    @property
    def capacity(self) -> dict[str, int]:
        """In which capacity the contact acts, as the journal keeps it; empty where it is their own post."""
        given = {"deputy_of": self.deputy_of, "on_behalf_of": self.on_behalf_of}
        return {name: ident for name, ident in given.items() if ident is not None}

    @property
    def contact(self) -> int | None:
        """The contact's id; None for the system."""
        return None if self.who == SYSTEM else int(self.who[1:])
