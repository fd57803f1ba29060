"""Problems of signing in and of accounts: which error becomes which status and words."""

from __future__ import annotations

from api.doors.errors import (
    BusyError,
    CsrfError,
    ForeignOriginError,
    NoOidcError,
    NotSignedInError,
    OidcError,
    ScopeError,
    SecondFactorNeededError,
    SessionNeededError,
    WrongPasswordError,
    WrongSignInError,
)
from api.problems.kind import Kind
from evaluation.account_addresses import UnfitAccountAddressError
from store.commands.accounts import AccountError
from store.commands.identities import UnknownIdentityError
from store.commands.links import LinkError
from store.commands.second_factors import SecondFactorError, WrongCodeError
from store.commands.sessions import NoSuchSessionError
from store.commands.tokens import NoSuchTokenError, TokenError
from store.doors import TooManyTriesError
from store.passwords import WeakPasswordError

_ASK_ADMINISTRATOR = ("Hãy liên hệ người quản trị.", "Ask your administrator.")
#: The first class of an error's family that is listed decides, so the narrow ones come first.
DOOR_KINDS: dict[type[Exception], Kind] = {
    WrongSignInError: Kind(
        name="wrong-sign-in",
        status=401,
        title=("Không đăng nhập được", "Sign-in failed"),
        detail=(
            "Địa chỉ hoặc mật khẩu không đúng. Có thể đăng nhập bằng liên kết gửi qua thư.",
            "The address or the password is wrong. You can have a sign-in link mailed to you instead.",
        ),
    ),
    NotSignedInError: Kind(
        name="not-signed-in",
        status=401,
        title=("Chưa đăng nhập", "Not signed in"),
        detail=(
            "Hãy đăng nhập, hoặc gửi mã truy cập trong `Authorization: Bearer`. Phiên có thể đã hết.",
            "Sign in, or send a token in `Authorization: Bearer`. Your session may have ended.",
        ),
    ),
    WrongPasswordError: Kind(
        name="wrong-password",
        status=403,
        title=("Mật khẩu không đúng", "Wrong password"),
        detail=("Hãy nhập mật khẩu hiện tại.", "Give your present password."),
    ),
    SecondFactorNeededError: Kind(
        name="second-factor-needed",
        status=403,
        title=("Cần bước xác thực thứ hai", "Second factor needed"),
        detail=(
            "Gửi mã của ứng dụng xác thực tới /api/v1/session/second-factor; nếu chưa có, hãy thiết lập tại /api/v1/account/second-factor.",
            "Send a code of your app to /api/v1/session/second-factor; if you have none, set one up at /api/v1/account/second-factor.",
        ),
    ),
    CsrfError: Kind(
        name="wrong-csrf-token",
        status=403,
        title=("Yêu cầu không đến từ trang này", "The request does not come from our page"),
        detail=(
            "Gửi `csrf` của phiên (GET /api/v1/session) trong tiêu đề X-CSRF-Token.",
            "Send the session's `csrf` (GET /api/v1/session) in the header X-CSRF-Token.",
        ),
    ),
    ForeignOriginError: Kind(
        name="foreign-origin",
        status=403,
        title=("Yêu cầu đến từ trang khác", "The request comes from another site"),
        detail=("Chỉ nhận thay đổi từ trang của chính dondoc.", "Changes are taken from dondoc's own pages only."),
    ),
    ScopeError: Kind(
        name="token-scope",
        status=403,
        title=("Mã truy cập không đủ phạm vi", "The token's scope is too narrow"),
        detail=("Việc này cần phạm vi `{scope}`.", "This needs the scope `{scope}`."),
    ),
    SessionNeededError: Kind(
        name="session-needed",
        status=403,
        title=("Phải đăng nhập bằng trình duyệt", "A session is needed"),
        detail=("Mã truy cập không dùng được cho chính tài khoản.", "A token is of no use for the account itself."),
    ),
    TooManyTriesError: Kind(
        name="too-many-tries",
        status=429,
        title=("Thử quá nhiều lần", "Too many tries"),
        detail=(
            "Hãy thử lại sau {retry_seconds} giây. Vẫn có thể đăng nhập bằng liên kết gửi qua thư.",
            "Come back in {retry_seconds} seconds. A sign-in link by mail still works.",
        ),
    ),
    BusyError: Kind(
        name="busy",
        status=503,
        title=("Đang bận", "Busy"),
        detail=(
            "Quá nhiều người đăng nhập cùng lúc; thử lại sau {retry_seconds} giây.",
            "Too many sign in at once; again in {retry_seconds} s.",
        ),
    ),
    LinkError: Kind(
        name="link-not-good",
        status=400,
        title=("Liên kết không còn dùng được", "The link is not good any more"),
        detail=(
            "Liên kết chỉ dùng được một lần, trong thời gian ngắn, cho đúng một việc. Hãy yêu cầu liên kết mới.",
            "A link works once, for a short time, for one thing. Ask for a new one.",
        ),
    ),
    WrongCodeError: Kind(
        name="wrong-code",
        status=403,
        title=("Mã không đúng", "Wrong code"),
        detail=(
            "Mỗi mã chỉ dùng một lần. Hãy chờ mã tiếp theo và kiểm tra giờ của điện thoại, hoặc dùng mã dự phòng.",
            "Each code works once. Wait for the next one and check your telephone's clock, or use a recovery code.",
        ),
    ),
    SecondFactorError: Kind(
        name="second-factor-state",
        status=409,
        title=("Không thực hiện được ở trạng thái này", "Not possible as it stands"),
        detail=("{said_vi}", "{said_en}"),
    ),
    WeakPasswordError: Kind(
        name="weak-password",
        status=422,
        title=("Mật khẩu chưa đủ tốt", "The password is not good enough"),
        detail=("{weak_vi}", "{error}"),
    ),
    TokenError: Kind(
        name="invalid-token-request",
        status=422,
        title=("Không tạo được mã truy cập", "The token cannot be made"),
        detail=("{said_vi}", "{said_en}"),
    ),
    NoSuchTokenError: Kind(
        name="no-such-token",
        status=404,
        title=("Không có mã truy cập này", "No such token"),
        detail=("Xem lại danh sách tại /api/v1/tokens.", "List them again at /api/v1/tokens."),
    ),
    NoSuchSessionError: Kind(
        name="no-such-session",
        status=404,
        title=("Không có phiên này", "No such session"),
        detail=("Xem lại danh sách tại /api/v1/sessions.", "List them again at /api/v1/sessions."),
    ),
    UnknownIdentityError: Kind(
        name="unknown-identity",
        status=403,
        title=("Chưa được mời", "Not invited"),
        detail=(
            "Chưa ai mời địa chỉ của anh/chị tại dịch vụ đăng nhập. Hãy liên hệ người quản trị.",
            "Nobody invited the address that your sign-in service knows. Ask your administrator.",
        ),
    ),
    UnfitAccountAddressError: Kind(
        name="unfit-address",
        status=422,
        title=("Địa chỉ không dùng làm tài khoản được", "The address cannot be an account's"),
        detail=(
            "Địa chỉ này không dùng làm tài khoản được: viết như ten@coquan.gov.vn, chữ không dấu.",
            "{error}",
        ),
    ),
    AccountError: Kind(
        name="account-state",
        status=409,
        title=("Tài khoản không cho phép", "The account does not allow it"),
        detail=("{said_vi}", "{said_en}"),
    ),
    NoOidcError: Kind(
        name="no-oidc",
        status=404,
        title=("Không có dịch vụ đăng nhập", "No sign-in service"),
        detail=("DONDOC_OIDC_ISSUER chưa được đặt.", "DONDOC_OIDC_ISSUER is not set."),
    ),
    OidcError: Kind(
        name="oidc-failed",
        status=400,
        title=("Dịch vụ đăng nhập không xác nhận", "The sign-in service did not confirm"),
        detail=("Hãy bắt đầu lại từ trang đăng nhập.", "Begin again from the sign-in page."),
    ),
}
WEAK: dict[str, str] = {
    "short": "Mật khẩu cần ít nhất 12 ký tự; vài từ nối nhau là dễ nhớ.",
    "long": "Mật khẩu dài quá 256 ký tự.",
    "common": "Mật khẩu này nằm trong số những mật khẩu bị thử đầu tiên; hãy chọn mật khẩu khác.",
    "own": "Mật khẩu trùng với địa chỉ; hãy chọn mật khẩu khác.",
}
