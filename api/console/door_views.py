"""What the pages of the doors show: their words, fields and buttons, in Vietnamese and in English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.accounts import Purpose
from notifications.phrases import pick
from store.passwords import SHORTEST

if TYPE_CHECKING:
    from notifications.letters import Language


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing to be filled in."""

    name: str
    label: str
    type: str
    autocomplete: str
    shortest: int = 0


@dataclass(frozen=True, kw_only=True)
class Form:
    """What one button sends."""

    action: str
    button: str
    fields: tuple[Field, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Door:
    """A page with forms."""

    title: str
    text: str
    forms: tuple[Form, ...] = ()
    elsewhere: str = ""  #: address of the sign-in service's way in
    elsewhere_name: str = ""


LINKS: dict[Purpose, tuple[tuple[str, str], tuple[str, str], tuple[str, str]]] = {
    Purpose.SIGN_IN: (
        ("Đăng nhập", "Sign in"),
        ("Nhấn nút dưới đây để đăng nhập. Liên kết dùng được một lần.", "Press the button to sign in. The link works once."),
        ("Đăng nhập", "Sign in"),
    ),
    Purpose.RESET: (
        ("Đặt lại mật khẩu", "Reset your password"),
        ("Mật khẩu mới cần ít nhất 12 ký tự.", "The new password needs at least 12 characters."),
        ("Đặt mật khẩu", "Set the password"),
    ),
    Purpose.INVITATION: (
        ("Bắt đầu sử dụng", "Begin"),
        (
            "Hãy đặt mật khẩu, ít nhất 12 ký tự; vài từ nối nhau là dễ nhớ.",
            "Set a password of at least 12 characters; a few words in a row will do.",
        ),
        ("Đặt mật khẩu và đăng nhập", "Set the password and sign in"),
    ),
}


def sign_in_door(*, language: Language, next_path: str, service: str) -> Door:
    """Return the page to sign in at: by password, by a mailed link, by the sign-in service where there is one."""
    address = Field(name="email", label=pick(("Địa chỉ thư", "E-mail address"), language=language), type="email", autocomplete="username")
    password = Field(
        name="password", label=pick(("Mật khẩu", "Password"), language=language), type="password", autocomplete="current-password"
    )
    return Door(
        title=pick(("Đăng nhập", "Sign in"), language=language),
        text=pick(("Dùng địa chỉ thư đã được mời.", "Use the address that was invited."), language=language),
        forms=(
            Form(
                action="/sign-in",
                button=pick(("Đăng nhập", "Sign in"), language=language),
                fields=(address, password),
                hidden=(("next", next_path),),
            ),
            Form(
                action="/sign-in/link",
                button=pick(("Gửi liên kết đăng nhập", "Mail me a sign-in link"), language=language),
                fields=(address,),
            ),
            Form(
                action="/sign-in/reset",
                button=pick(("Gửi liên kết đặt lại mật khẩu", "Mail me a link to reset the password"), language=language),
                fields=(address,),
            ),
        ),
        elsewhere="/api/v1/oidc/start" if service else "",
        elsewhere_name=service,
    )


def link_door(purpose: Purpose, *, language: Language, action: str) -> Door:
    """Return the page that a mailed link leads to; opening it uses nothing up, since mail servers open links too."""
    title, words, button = LINKS[purpose]
    label = pick(("Mật khẩu mới", "New password"), language=language)
    field = Field(name="password", label=label, type="password", autocomplete="new-password", shortest=SHORTEST)
    fields = () if purpose is Purpose.SIGN_IN else (field,)
    return Door(
        title=pick(title, language=language),
        text=pick(words, language=language),
        forms=(Form(action=action, button=pick(button, language=language), fields=fields),),
    )


def code_door(*, language: Language, csrf: str) -> Door:
    """Return the page that asks for a code of the app, or a recovery code."""
    label = pick(("Mã xác thực hoặc mã dự phòng", "Code, or recovery code"), language=language)
    return Door(
        title=pick(("Xác thực hai bước", "Second factor"), language=language),
        text=pick(("Nhập mã của ứng dụng xác thực.", "Give the code of your app."), language=language),
        forms=(
            Form(
                action="/second-factor",
                button=pick(("Tiếp tục", "Go on"), language=language),
                fields=(Field(name="code", label=label, type="text", autocomplete="one-time-code"),),
                hidden=(("csrf", csrf),),
            ),
        ),
    )


def said_door(*, language: Language) -> Door:
    """Return the page that says a link is on its way, whether there is such an account or not."""
    return Door(
        title=pick(("Hãy xem hộp thư", "Look into your mailbox"), language=language),
        text=pick(
            (
                "Nếu địa chỉ này có tài khoản, một liên kết đã được gửi đi; liên kết dùng được một lần trong 15 phút.",
                "If there is an account of that address, a link is on its way; it works once, for 15 minutes.",
            ),
            language=language,
        ),
    )
