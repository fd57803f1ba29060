"""Accounts, links, sessions, tokens and second factors, on each database."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pyotp
import pytest
from sqlalchemy import select, text, update

from evaluation.accounts import Purpose, Scope, SignedInBy
from store.backups import backup, restore
from store.commands.accounts import (
    DemoAccountError,
    DisabledAccountError,
    link_contact,
    make_administrator,
    obtain_account,
    switch_account,
)
from store.commands.authorities import found_authority
from store.commands.identities import Claimed, UnknownIdentityError, account_behind
from store.commands.invitations import Invited, Inviting, invite, invite_contacts, invite_everyone
from store.commands.links import LinkError, make_link, use_link
from store.commands.passwords import accept_invitation, reset_password
from store.commands.second_factors import WrongCodeError, use_second_factor
from store.commands.sessions import Browser, open_session, renew_session
from store.commands.tokens import TokenError, create_token, revoke_token
from store.doors import Limit, TooManyTriesError, count_tries, give_back
from store.queries.accounts import account_of, has_accounts, must_give_second_factor, session_of, token_of
from store.queries.people import authority_named
from store.schema import ACCOUNT, API_TOKEN, CONTACT, JOURNAL, ONE_TIME_LINK, RECOVERY_CODE, SESSION
from store.session import open_store
from store.verify import verify
from tests.accounts import KEPT, PASSWORD, SECRETS, Known, ask_second_factor, change, enrol, make_account, make_admin, make_contact

if TYPE_CHECKING:
    from pathlib import Path

    from store.session import Store
    from tests.conftest import SmallYear

NOW = datetime(2025, 1, 2, 2, tzinfo=UTC)
IDLE = timedelta(hours=1)
OFFICER = "officer.xa-1"


@pytest.fixture
def house(any_year: SmallYear) -> Store:
    return any_year.store


@pytest.fixture
def known(house: Store) -> Known:
    return make_account(house, now=NOW)


def link(store: Store, account: int, purpose: Purpose = Purpose.SIGN_IN) -> str:
    with store.transaction(now=NOW) as transaction:
        return make_link(transaction, SECRETS, account, purpose=purpose)


def use(store: Store, token: str, purpose: Purpose = Purpose.SIGN_IN) -> int:
    with store.transaction(now=NOW) as transaction:
        return use_link(transaction, token, purpose=purpose)


def journal(store: Store) -> list[tuple[str, dict[str, Any]]]:
    with store.reading() as connection:
        rows = connection.execute(select(JOURNAL.c.action, JOURNAL.c.payload).order_by(JOURNAL.c.authority_id, JOURNAL.c.number))
        return [(row.action, orjson.loads(row.payload)) for row in rows]


# --- links ------------------------------------------------------------------------------------------------------------


def test_a_link_is_good_once(house: Store, known: Known) -> None:
    token = link(house, known.id)
    assert use(house, token) == known.id
    with pytest.raises(LinkError):
        use(house, token)


@pytest.mark.parametrize("purpose", [Purpose.RESET, Purpose.INVITATION])
def test_a_link_is_good_for_its_purpose_alone(house: Store, known: Known, purpose: Purpose) -> None:
    token = link(house, known.id)
    with pytest.raises(LinkError):
        use(house, token, purpose)
    assert use(house, token) == known.id


def test_a_link_runs_out_by_the_databases_clock(house: Store, known: Known) -> None:
    token = link(house, known.id)
    with house.reading() as connection:
        row = connection.execute(select(ONE_TIME_LINK)).one()
    assert row.expires_at - row.created_at == timedelta(minutes=15)
    change(house, update(ONE_TIME_LINK).values(expires_at=row.created_at), now=NOW)
    with pytest.raises(LinkError):
        use(house, token)


def test_using_a_link_makes_the_others_of_its_purpose_void(house: Store, known: Known) -> None:
    first, second, reset = link(house, known.id), link(house, known.id), link(house, known.id, Purpose.RESET)
    use(house, second)
    with pytest.raises(LinkError):
        use(house, first)
    assert use(house, reset, Purpose.RESET) == known.id


def test_of_two_that_use_a_link_at_once_one_is_let_in(house: Store, known: Known) -> None:
    token, came = link(house, known.id), threading.Barrier(2)
    results: list[object] = []

    def enter() -> None:
        came.wait()
        try:
            results.append(use(house, token))
        except LinkError:
            results.append("refused")

    threads = [threading.Thread(target=enter) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == [str(known.id), "refused"]


def test_the_database_does_not_know_a_links_token(house: Store, known: Known) -> None:
    token = link(house, known.id)
    with house.reading() as connection:
        row = connection.execute(select(ONE_TIME_LINK)).one()
    assert token not in {str(value) for value in row}
    assert SECRETS.link_token("sign-in", row.nonce) == token
    assert SECRETS.link_token("reset", row.nonce) != token


def test_a_link_of_a_switched_off_account_is_not_good(house: Store, known: Known) -> None:
    token = link(house, known.id)
    change(house, update(ACCOUNT).values(disabled_at=NOW), now=NOW)
    with pytest.raises(LinkError):
        use(house, token)


# --- sessions and tokens ----------------------------------------------------------------------------------------------


def begin(store: Store, account: int, **browser: Any) -> str:
    with store.transaction(now=NOW) as transaction:
        return open_session(transaction, account, how=SignedInBy.PASSWORD, browser=Browser(**browser)).token


def is_good(store: Store, token: str, *, idle: timedelta = IDLE) -> bool:
    with store.reading() as connection:
        return session_of(connection, token, idle=idle) is not None


def test_a_session_is_known_by_its_hash_alone(house: Store, known: Known) -> None:
    token = begin(house, known.id)
    assert is_good(house, token)
    with house.reading() as connection:
        row = connection.execute(select(SESSION)).one()
    assert token not in {str(value) for value in row}
    assert not is_good(house, row.token_hash)


@pytest.mark.parametrize("column", ["expires_at", "seen_at"])
def test_a_session_ends_when_it_runs_out_or_was_idle(house: Store, known: Known, column: str) -> None:
    token = begin(house, known.id)
    with house.reading() as connection:
        clock = connection.execute(select(SESSION.c.created_at)).scalar_one()
    change(house, update(SESSION).values({column: clock - IDLE}), now=NOW)
    assert not is_good(house, token)


def test_a_renewed_session_has_another_text_and_the_old_one_is_worthless(house: Store, known: Known) -> None:
    token = begin(house, known.id)
    with house.transaction(now=NOW) as transaction:
        fresh = renew_session(transaction, transaction.connection.execute(select(SESSION.c.id)).scalar_one())
    assert is_good(house, fresh.token)
    assert not is_good(house, token)
    with house.reading() as connection:
        found = session_of(connection, fresh.token, idle=IDLE)
    assert found is not None
    assert found.second_factor


def test_a_new_password_by_a_link_ends_every_session(house: Store, known: Known) -> None:
    token, reset = begin(house, known.id), link(house, known.id, Purpose.RESET)
    with house.transaction(now=NOW) as transaction:
        assert reset_password(transaction, reset, kept="another") == known.id
    assert not is_good(house, token)


def test_switching_an_account_off_ends_everything(house: Store, known: Known) -> None:
    token = begin(house, known.id)
    with house.transaction(now=NOW) as transaction:
        made = create_token(transaction, known.id, name="x", scopes={Scope.READ})
        switch_account(transaction, known.id, on=False)
    assert not is_good(house, token)
    with house.reading() as connection:
        assert token_of(connection, made.token) is None
    with house.transaction(now=NOW) as transaction:
        switch_account(transaction, known.id, on=True)
    assert not is_good(house, token)


def test_a_token_is_good_until_it_runs_out_or_is_revoked(house: Store, known: Known) -> None:
    with house.transaction(now=NOW) as transaction:
        made = create_token(transaction, known.id, name="x", scopes={Scope.READ, Scope.WRITE})
    with house.reading() as connection:
        found = token_of(connection, made.token)
        row = connection.execute(select(API_TOKEN)).one()
    assert found is not None
    assert (found.account.id, found.scopes) == (known.id, frozenset({Scope.READ, Scope.WRITE}))
    assert made.token not in {str(value) for value in row}
    assert made.token.startswith(row.prefix)
    change(house, update(API_TOKEN).values(expires_at=row.created_at), now=NOW)
    with house.reading() as connection:
        assert token_of(connection, made.token) is None
    change(house, update(API_TOKEN).values(expires_at=row.expires_at), now=NOW)
    with house.transaction(now=NOW) as transaction:
        revoke_token(transaction, known.id, made.id)
    with house.reading() as connection:
        assert token_of(connection, made.token) is None


@pytest.mark.parametrize(("scopes", "days"), [(set(), 1), ({Scope.READ}, 0), ({Scope.READ}, 366)])
def test_a_token_needs_a_scope_and_an_end(house: Store, known: Known, scopes: set[Scope], days: int) -> None:
    with pytest.raises(TokenError), house.transaction(now=NOW) as transaction:
        create_token(transaction, known.id, name="x", scopes=scopes, lasts=timedelta(days=days))


# --- second factors ---------------------------------------------------------------------------------------------------


def give(store: Store, account: int, code: str) -> None:
    with store.transaction(now=NOW) as transaction:
        use_second_factor(transaction, SECRETS, account, code=code)


def test_a_code_works_once_and_earlier_ones_never_again(house: Store, known: Known) -> None:
    app, _ = enrol(house, known.id, now=NOW)
    change(house, update(ACCOUNT).values(totp_last_step=ACCOUNT.c.totp_last_step - 5), now=NOW)
    with house.reading() as connection:
        clock = connection.execute(select(ACCOUNT.c.totp_confirmed_at)).scalar_one()
    code = app.at(clock)
    give(house, known.id, code[:3] + " " + code[3:])
    for again in (code, app.at(clock - timedelta(seconds=30))):
        with pytest.raises(WrongCodeError):
            give(house, known.id, again)


FULL_WIDTH, ARABIC = "\uff11\uff12\uff13\uff14\uff15\uff16", "\u0663\u0664\u0665\u0666\u0667\u0668"


@pytest.mark.parametrize("code", ["", "000000", "12345", "x" * 60, FULL_WIDTH, ARABIC, "abcde-fghjk-mnpqr"])
def test_a_wrong_code_is_refused(house: Store, known: Known, code: str) -> None:
    app, _ = enrol(house, known.id, now=NOW)
    assert code not in {app.now(), app.at(datetime.now(UTC) + timedelta(seconds=30))}  # noqa: TID251
    with pytest.raises(WrongCodeError):
        give(house, known.id, code)


def test_a_code_of_long_ago_or_to_come_is_refused(house: Store, known: Known) -> None:
    app, _ = enrol(house, known.id, now=NOW)
    with house.reading() as connection:
        clock = connection.execute(select(ACCOUNT.c.totp_confirmed_at)).scalar_one()
    for seconds in (-90, 120):
        with pytest.raises(WrongCodeError):
            give(house, known.id, app.at(clock + timedelta(seconds=seconds)))


def test_a_recovery_code_works_once(house: Store, known: Known) -> None:
    _, codes = enrol(house, known.id, now=NOW)
    assert len(set(codes)) == 10
    give(house, known.id, codes[0].upper().replace("-", " "))
    with pytest.raises(WrongCodeError):
        give(house, known.id, codes[0])
    give(house, known.id, codes[1])
    with house.reading() as connection:
        kept = connection.execute(select(RECOVERY_CODE.c.code_hash)).scalars().all()
    assert not {code.replace("-", "") for code in codes} & set(kept)


def test_the_secret_lies_sealed(house: Store, known: Known) -> None:
    app, _ = enrol(house, known.id, now=NOW)
    with house.reading() as connection:
        sealed = connection.execute(select(ACCOUNT.c.totp_secret)).scalar_one()
    assert app.secret not in sealed
    assert SECRETS.opened(sealed) == app.secret
    assert isinstance(app, pyotp.TOTP)


def test_an_authority_asks_it_of_its_standing_body_and_administrators_alone(house: Store) -> None:
    officer = make_account(house, now=NOW, email="a@thu.invalid", party="xa-1")
    standing = make_account(house, now=NOW, email="b@thu.invalid", party="so-noi-vu")
    admin = make_admin(house, now=NOW)

    def asked() -> list[bool]:
        with house.reading() as connection:
            return [must_give_second_factor(connection, one.id) for one in (officer, standing, admin)]

    assert asked() == [False, False, False]
    ask_second_factor(house, now=NOW)
    assert asked() == [False, True, True]


# --- invitations and identities ---------------------------------------------------------------------------------------


def test_inviting_everyone_reports_each_alone(house: Store) -> None:
    make_contact(house, now=NOW, address="cán.bộ@thu.invalid")
    make_contact(house, now=NOW, address="\u0430dmin@thu.invalid", party="xa-2")  # a Cyrillic letter
    with house.reading() as connection:
        authority = authority_named(connection, "thu")
        contacts = connection.execute(text("select count(*) from contact")).scalar_one()
    done = invite_everyone(house, authority, Inviting(secrets=SECRETS, now=NOW))
    assert len(done) == contacts
    refused = [one for one in done if one.outcome is Invited.REFUSED]
    assert len(refused) == 2
    assert all("plain ASCII" in one.why for one in refused)
    assert {one.outcome for one in done} == {Invited.SENT, Invited.REFUSED}
    assert len(invite_everyone(house, authority, Inviting(secrets=SECRETS, now=NOW))) == 2
    assert invite_contacts(house, authority, ["nobody"], Inviting(secrets=SECRETS, now=NOW))[0].outcome is Invited.REFUSED
    assert verify(house) == []


def test_a_second_invitation_makes_the_first_void_and_an_account_in_use_is_linked(house: Store) -> None:
    with house.reading() as connection:
        authority = authority_named(connection, "thu")
    with house.transaction(now=NOW) as transaction:
        invite(transaction, SECRETS, authority, OFFICER)
    with house.transaction(now=NOW) as transaction:
        invited = invite(transaction, SECRETS, authority, OFFICER)
    assert invited.outcome is Invited.SENT
    with house.reading() as connection:
        nonces = connection.execute(select(ONE_TIME_LINK.c.nonce).order_by(ONE_TIME_LINK.c.id)).scalars().all()
        kinds = connection.execute(text("select kind, recipient from notice where cause like 'l:%'")).all()
    assert [tuple(row) for row in kinds] == [("invitation", f"a{invited.account}")] * 2
    first, second = (SECRETS.link_token("invitation", nonce) for nonce in nonces)
    with pytest.raises(LinkError), house.transaction(now=NOW) as transaction:
        accept_invitation(transaction, first, kept=KEPT)
    with house.transaction(now=NOW) as transaction:
        assert accept_invitation(transaction, second, kept=KEPT) == invited.account
    with house.transaction(now=NOW) as transaction:
        assert invite(transaction, SECRETS, authority, OFFICER).outcome is Invited.LINKED


def test_the_journal_keeps_ids_alone(house: Store) -> None:
    known = make_admin(house, now=NOW)
    enrol(house, known.id, now=NOW)
    link(house, known.id)
    with house.transaction(now=NOW) as transaction:
        create_token(transaction, known.id, name="họ tên", scopes={Scope.READ})
    entries = [(action, payload) for action, payload in journal(house) if "account" in payload]
    assert [action for action, _ in entries] == ["link-account", "change-password", "confirm-second-factor", "create-token"]
    written = str(entries)
    assert all(word not in written for word in ("@", "invalid", PASSWORD, "argon2", "họ tên"))
    assert verify(house) == []


def test_the_demos_accounts_are_good_for_sandboxes_alone(house: Store) -> None:
    with house.transaction(now=NOW) as transaction:
        found_authority(transaction, key="that", name="UBND thật", sandbox=False)
    with house.reading() as connection:
        real, sandbox = authority_named(connection, "that"), authority_named(connection, "thu")
    with pytest.raises(DemoAccountError), house.transaction(now=NOW) as transaction:
        make_administrator(transaction, real, email="demo@thu.invalid", name="", demo=True)
    with house.transaction(now=NOW) as transaction:
        made = make_administrator(transaction, sandbox, email="demo@thu.invalid", name="", demo=True)
    with pytest.raises(DemoAccountError), house.transaction(now=NOW) as transaction:
        make_administrator(transaction, real, email=made.account.email, name="")


def test_an_account_switched_off_gets_no_further_contacts(house: Store, known: Known) -> None:
    contact = make_contact(house, now=NOW, address="x@thu.invalid", party="xa-2")
    change(house, update(ACCOUNT).values(disabled_at=NOW), now=NOW)
    with pytest.raises(DisabledAccountError), house.transaction(now=NOW) as transaction:
        link_contact(transaction, obtain_account(transaction, known.email), contact=contact, authority=1)
    with house.reading() as connection:
        assert not has_accounts(connection)


def behind(store: Store, **claimed: Any) -> int:
    whole = {"issuer": "https://id.invalid", "subject": "s1", "email": "can.bo@thu.invalid", "email_verified": True, **claimed}
    with store.transaction(now=NOW) as transaction:
        return account_behind(transaction, Claimed(**whole)).id


def test_an_identity_is_linked_by_a_verified_address_and_then_by_its_subject(house: Store, known: Known) -> None:
    assert behind(house, email="CAN.BO@thu.invalid") == known.id
    assert behind(house, email="other@thu.invalid", email_verified=False) == known.id


@pytest.mark.parametrize(
    "claimed",
    [
        pytest.param({"email_verified": False}, id="not verified"),
        pytest.param({"email": "nobody@thu.invalid"}, id="nobody invited it"),
        pytest.param({"email": "c\u0430n.bo@thu.invalid"}, id="looks alike"),
        pytest.param({"email": ""}, id="no address"),
    ],
)
def test_an_identity_of_nobody_is_refused(house: Store, known: Known, claimed: dict[str, Any]) -> None:
    with pytest.raises(UnknownIdentityError):
        behind(house, **claimed)


def test_a_second_subject_of_the_same_address_is_refused(house: Store, known: Known) -> None:
    behind(house)
    with pytest.raises(UnknownIdentityError):
        behind(house, subject="s2")
    assert behind(house, subject="s2", issuer="https://other.invalid") == known.id


def test_an_identity_of_a_switched_off_account_is_refused(house: Store, known: Known) -> None:
    behind(house)
    change(house, update(ACCOUNT).values(disabled_at=NOW), now=NOW)
    with pytest.raises(UnknownIdentityError):
        behind(house)


def test_one_spelling_is_one_account(house: Store, known: Known) -> None:
    with house.transaction(now=NOW) as transaction:
        assert obtain_account(transaction, " CAN.Bo@THU.invalid").id == known.id
    with house.reading() as connection:
        assert account_of(connection, "CAN.BO@thu.invalid") is None
        assert connection.execute(select(CONTACT.c.account_id).where(CONTACT.c.id == known.contact)).scalar_one() == known.id


# --- tries ------------------------------------------------------------------------------------------------------------


def limit(subject: str = "s", most: int = 3) -> Limit:
    return Limit(door="test", subject=subject, most=most, window=timedelta(hours=24))


def test_a_door_shuts_after_its_tries_and_says_when_it_opens(house: Store) -> None:
    for _ in range(3):
        count_tries(house, [limit()], now=NOW)
    with pytest.raises(TooManyTriesError) as shut:
        count_tries(house, [limit(), limit("other")], now=NOW)
    assert 0 < shut.value.retry_seconds <= 24 * 3600
    count_tries(house, [limit("other")], now=NOW)


def test_a_try_given_back_is_not_counted(house: Store) -> None:
    for _ in range(10):
        count_tries(house, [limit()], now=NOW)
        give_back(house, [limit()], now=NOW)


def test_many_at_once_gain_nothing(house: Store) -> None:
    passed: list[bool] = []

    def attempt() -> None:
        try:
            count_tries(house, [limit()], now=NOW)
            passed.append(True)
        except TooManyTriesError:
            passed.append(False)

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(passed) == [False] * 9 + [True] * 3


def test_a_restored_backup_brings_no_session_and_no_link_back(small_year: SmallYear, tmp_path: Path) -> None:
    store = small_year.store
    known = make_account(store, now=NOW)
    session, token = begin(store, known.id), link(store, known.id)
    with store.transaction(now=NOW) as transaction:
        made = create_token(transaction, known.id, name="x", scopes={Scope.READ})
    backup(store, tmp_path / "backup", now=NOW)
    url = f"sqlite:///{tmp_path / 'restored.db'}"
    restore(tmp_path / "backup", url, now=NOW)
    restored = open_store(url)
    assert not is_good(restored, session)
    with pytest.raises(LinkError):
        use(restored, token)
    with restored.reading() as connection:
        assert token_of(connection, made.token) is None
    restored.close()
    assert is_good(store, session)
