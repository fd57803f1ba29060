"""What goes over the wire about accounts, sessions and tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from api.doors.signing_in import SecondFactor
from api.wire.schemas import Instant, Wire
from evaluation.accounts import TOKEN_LASTS, TOKEN_LASTS_AT_MOST, AccountEvent, Scope, SignedInBy
from evaluation.kinds import Role
from store.commands.invitations import Invited

if TYPE_CHECKING:
    from api.doors.signing_in import Person

MOST_OF_AN_ADDRESS = 320
MOST_OF_A_PASSWORD = 1024
MOST_OF_A_CODE = 64
Address = Annotated[str, Field(max_length=MOST_OF_AN_ADDRESS, examples=["canbo@tinh.invalid"])]


def _writable(given: SecretStr) -> SecretStr:
    """Return a text that can be written as UTF-8; JSON can name halves of characters, which are none."""
    given.get_secret_value().encode()
    return given


Password = Annotated[SecretStr, Field(max_length=MOST_OF_A_PASSWORD), AfterValidator(_writable)]
Code = Annotated[SecretStr, Field(max_length=MOST_OF_A_CODE), AfterValidator(_writable)]
LinkToken = Annotated[SecretStr, Field(max_length=200), AfterValidator(_writable)]


class Asked(BaseModel):
    """Anything received; a field that is not here is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class SignInIn(Asked):
    """An address and its password."""

    email: Address
    password: Password


class AddressIn(Asked):
    """Where a link is to be sent, if an account has that address."""

    email: Address


class LinkIn(Asked):
    """The token of a sign-in link."""

    token: LinkToken


class NewPasswordIn(Asked):
    """The token of a link, and the password to be set."""

    token: LinkToken
    password: Password


class ChangePasswordIn(Asked):
    """The present password and the one to come."""

    current: Password
    password: Password


class CodeIn(Asked):
    """A code of the app, or a recovery code."""

    code: Code


class PasswordIn(Asked):
    """The present password, as proof that it is still the same person; empty where the account has none."""

    password: Password = SecretStr("")


class TokenIn(Asked):
    """A token to be made."""

    name: str = Field(min_length=1, max_length=100, examples=["báo cáo tuần"])
    scopes: list[Scope] = Field(min_length=1, max_length=len(Scope))
    days: int = Field(default=TOKEN_LASTS.days, ge=1, le=TOKEN_LASTS_AT_MOST.days)

    @property
    def lasts(self) -> timedelta:
        """For how long it is good."""
        return timedelta(days=self.days)


class InvitationsIn(Asked):
    """Whom to invite: contacts of an authority by key, or all in office that have no account."""

    authority: str = Field(max_length=200)
    contacts: list[Annotated[str, Field(max_length=200)]] = Field(default_factory=list, max_length=1000)
    everyone: bool = False


class HoldingOut(Wire):
    """A contact that the account is today."""

    contact: int
    key: str
    name: str
    authority: str
    party: str
    role: Role


class AccountOut(Wire):
    """The account that asks."""

    id: int
    email: str
    language: str
    demo: bool
    """Its password was printed: good for sandboxes alone."""
    has_password: bool
    has_second_factor: bool
    recovery_codes_left: int
    contacts: list[HoldingOut]


class SessionOut(Wire):
    """The session that asks."""

    id: int
    email: str
    how: SignedInBy
    second_factor: SecondFactor
    csrf: str
    """To be sent with every change, in the header X-CSRF-Token."""
    contacts: list[HoldingOut]
    """Empty until the second factor is given."""


class SessionLineOut(Wire):
    """A session of the account."""

    id: int
    how: SignedInBy
    created_at: Instant
    seen_at: Instant
    expires_at: Instant
    user_agent: str
    address: str
    current: bool
    """The one that asks."""


class SessionsOut(Wire):
    """The account's sessions, the last seen first."""

    items: list[SessionLineOut]


class EndedOut(Wire):
    """How many sessions were ended."""

    ended: int


class EnrolmentOut(Wire):
    """What an app needs to make codes; shown once."""

    secret: str
    uri: str
    svg: str
    """The same as a QR code."""


class RecoveryCodesOut(Wire):
    """Codes for a lost telephone, each good once; shown once."""

    codes: list[str]


class TokenLineOut(Wire):
    """A token of the account."""

    id: int
    name: str
    prefix: str
    scopes: list[Scope]
    created_at: Instant
    expires_at: Instant
    used_at: Instant | None
    revoked_at: Instant | None


class TokensOut(Wire):
    """The account's tokens, the newest first."""

    items: list[TokenLineOut]


class TokenMadeOut(Wire):
    """A token just made."""

    id: int
    token: str
    """Shown this once."""
    prefix: str
    expires_at: Instant


class InvitationOut(Wire):
    """What became of one invitation."""

    contact: str
    outcome: Invited
    why: str


class InvitationsOut(Wire):
    """What became of each."""

    items: list[InvitationOut]


def holdings_out(person: Person) -> list[HoldingOut]:
    """Return the contacts that a person is today; none while the second factor is missing."""
    if not person.is_whole:
        return []
    return [
        HoldingOut(contact=one.contact, key=one.key, name=one.name, authority=one.authority_key, party=one.party_key, role=one.role)
        for one in person.holdings
    ]


class AccountEventOut(Wire):
    """A change of an account; or a refusal at its doors, with a count."""

    id: int
    what: AccountEvent
    door: str = Field(examples=["password/account"])
    """Which door and by which limit; empty: it is a change."""
    account: int | None
    """Number of the account."""
    email: str
    address: str = Field(examples=["203.0.113.7"])
    """Network address, of IPv6 its network; empty: on the server itself, counted together with others, or forgotten after half a year."""
    first_at: Instant
    last_at: Instant
    times: int


class AccountEventsOut(Wire):
    """A page of events, the newest first."""

    items: list[AccountEventOut]
    next_before: int | None
    """For `before` of the next page; null: this is the last."""
