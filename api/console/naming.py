"""Naming: people and units that a page knows by key, as people call them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.kinds import Role
from notifications.phrases import ROLES
from store.queries.names import posts_and_parties

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from api.console.visiting import Visitor
    from api.wire.reading import ObligationDetailOut
    from store.queries.health import View
    from store.queries.names import PostLine


def names_of(visitor: Visitor, connection: View, authority: str, keys: Collection[str]) -> dict[str, str]:
    """Return what people and units of an authority are called, by key: two queries. What has no name any more is not among them."""
    posts, parties = posts_and_parties(connection, authority, keys)
    return parties | {key: _person(visitor, post) for key, post in posts.items()}


def keys_in(detail: ObligationDetailOut) -> set[str]:
    """Return every key of a person or a unit that the page of an obligation shows."""
    acting = {key for may in detail.may for key in (may.deputy_of, may.on_behalf_of)}
    granted = {term.granted_by for term in detail.terms}
    told = {key for term in detail.terms for rung in term.rungs for key in rung.told}
    spoken = {one.contact for one in detail.submissions} | {one.contact for one in detail.extension_requests}
    return (acting | granted | told | spoken) - {""}


def called(names: Mapping[str, str], key: str) -> str:
    """Return what somebody is called; the key itself where nothing is known of it."""
    return names.get(key, key)


def _person(visitor: Visitor, post: PostLine) -> str:
    role = visitor.either(*ROLES[Role(post.role)])
    return f"{post.name}, {role}" if post.name else f"{role}, {post.party_name}"
