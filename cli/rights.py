"""Who may do what: the table of rights, printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from cli.language import Language, said, spoken
from cli.options import AsJson
from cli.output import Column, show_json, show_table
from evaluation.kinds import Role
from evaluation.rights_table import ON_BEHALF, OWN_UNIT, TABLE, Action, Relation, Row
from evaluation.rights_words import ACTIONS, RELATIONS, ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evaluation.kinds import StageKind


def rights(*, as_json: AsJson = False) -> None:
    """Bảng quyền: ai được làm gì. / Who may do what, by role and by what their party is to the thing."""
    if as_json:
        show_json({"rights": list(matrix()), "own_unit": {kind.value: sorted(actions) for kind, actions in OWN_UNIT.items()}})
        return
    side = 0 if spoken() is Language.VI else 1
    columns = [
        Column(vi="vai trò", en="role", cell=lambda row: ", ".join(ROLES[role][side] for role in _in_order(row.roles))),
        Column(vi="quan hệ", en="relation", cell=lambda row: RELATIONS[row.relation][side]),
        Column(vi="được làm", en="may", cell=lambda row: ", ".join(ACTIONS[action][side] for action in Action if action in row.actions)),
        Column(vi="chỉ công đoạn", en="only stages of", cell=lambda row: ", ".join(_kinds(row.kinds))),
    ]
    show_table(TABLE, columns=columns)
    typer.echo(said("Việc không có trong bảng thì không ai được làm.", "What is not in the table, nobody may do."))


def matrix() -> Iterator[dict[str, Any]]:
    """Yield each right alone: role, relation, action, the kinds of stages that it is limited to, and whether it is marked as on behalf."""
    for row in TABLE:
        for role in _in_order(row.roles):
            for action in Action:
                if action in row.actions:
                    yield {
                        "role": role.value,
                        "relation": row.relation.value,
                        "action": action.value,
                        "kinds": _kinds(row.kinds),
                        "on_behalf": row.relation in ON_BEHALF,
                    }


def table_in_markdown() -> str:
    """Return the table as docs/rights.md shows it."""
    lines = ["| role | relation | may | only in stages of |", "|---|---|---|---|"]
    lines += [
        f"| {_listed(_in_order(row.roles))} | `{row.relation}` | {_listed(_acts(row))} | {_listed(_kinds(row.kinds)) or 'every kind'} |"
        for row in TABLE
    ]
    lines += ["", "| relation | meaning |", "|---|---|"]
    lines += [f"| `{relation}` | {RELATIONS[relation][1]} – {RELATIONS[relation][0]} |" for relation in Relation]
    lines += ["", "| action | meaning |", "|---|---|"]
    lines += [f"| `{action}` | {ACTIONS[action][1]} – {ACTIONS[action][0]} |" for action in Action]
    lines += ["", "| in stages of | nobody does for the unit they belong to |", "|---|---|"]
    lines += [f"| `{kind}` | {_listed(sorted(actions))} |" for kind, actions in OWN_UNIT.items()]
    return "\n".join(lines) + "\n"


def _acts(row: Row) -> list[Action]:
    return [action for action in Action if action in row.actions]


def _in_order(roles: Iterable[Role]) -> list[Role]:
    chosen = set(roles)
    return [role for role in Role if role in chosen]


def _kinds(kinds: Iterable[StageKind]) -> list[str]:
    return sorted(kind.value for kind in kinds)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)
