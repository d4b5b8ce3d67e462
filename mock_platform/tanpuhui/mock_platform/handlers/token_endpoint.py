"""The token endpoint (RFC 6749, 4.4): client credentials with private_key_jwt and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from tanpuhui.mock_platform.interface.answer import Answer, json_answer
from tanpuhui.mock_platform.interface.operations import known_scopes
from tanpuhui.mock_platform.state.assertions import AssertionRefused, check_assertion
from tanpuhui.mock_platform.state.tokens import issue_token
from tanpuhui.mock_platform.state.used import Use, used_first
from tanpuhui.spec.message import RepeatedField

if TYPE_CHECKING:
    from tanpuhui.mock_platform.interface.call import Call
    from tanpuhui.mock_platform.state.assertions import ClientAssertion

MEDIA_TYPE = "application/x-www-form-urlencoded"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_NO_STORE = (("cache-control", "no-store"),)
_CHALLENGE = (("www-authenticate", 'Bearer realm="tanpuhui", error="invalid_client"'),)
_KEPT_LONGER = timedelta(seconds=60)


class TokenError(Exception):
    """令牌请求的错误 / An error of the token endpoint in the words of RFC 6749, 5.2."""

    def __init__(self, error: str, zh: str, en: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = f"{zh} / {en}"


def request_token(call: Call) -> Answer:
    """取得访问令牌 / Obtain an access token."""
    try:
        scopes = _granted(call)
    except TokenError as error:
        body = {"error": error.error, "error_description": error.description}
        refused_client = error.error == "invalid_client"
        headers = (*_NO_STORE, *(_CHALLENGE if refused_client else ()))
        answer = json_answer(body, status=401 if refused_client else 400, headers=headers)
        return Answer(answer.status, answer.body, headers=headers, problem=error.error)
    token, life = issue_token(call.tenant, scopes, call.now, call.new_id())
    granted: dict[str, Any] = {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": life,
        "scope": scopes,
    }
    return json_answer(granted, headers=_NO_STORE)


def _granted(call: Call) -> str:
    form = _form(call)
    if form.get("grant_type") != "client_credentials":
        raise TokenError(
            "unsupported_grant_type", "只支持 client_credentials", "only client_credentials is supported"
        )
    if form.get("client_assertion_type") != ASSERTION_TYPE or "client_secret" in form:
        raise TokenError(
            "invalid_client",
            "应以 private_key_jwt 断言证明身份（AUT-001）",
            "authenticate by private_key_jwt (AUT-001)",
        )
    if form.get("client_id", call.tenant.profile.client_id) != call.tenant.profile.client_id:
        raise TokenError("invalid_client", "client_id 与断言不符", "client_id does not fit the assertion")
    _authenticate(call, form.get("client_assertion", ""))
    return _scopes(form.get("scope", ""))


def _form(call: Call) -> dict[str, str]:
    malformed = TokenError(
        "invalid_request", "应为不重复的表单参数", "send form parameters, each of them once"
    )
    request = call.exchange.request
    try:
        media_type = (request.header("content-type") or "").split(";")[0].strip().lower()
        text = request.body.decode("ascii")
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=32
        )
    except (RepeatedField, ValueError):
        raise malformed from None
    form = dict(pairs)
    if media_type != MEDIA_TYPE or len(form) != len(pairs):
        raise malformed
    return form


def _authenticate(call: Call, token: str) -> None:
    try:
        assertion = check_assertion(token, call.tenant, call.now)
        _use(call, assertion)
    except AssertionRefused as refused:
        call.exchange.observed["assertion"] = refused.code
        zh, _, en = str(refused).partition(" / ")
        raise TokenError("invalid_client", f"{zh}（AUT-002）", f"{en} (AUT-002)") from None
    call.exchange.observed["assertion"] = "ok"


def _use(call: Call, assertion: ClientAssertion) -> None:
    until = datetime.fromtimestamp(assertion.expires, UTC) + _KEPT_LONGER
    use = Use(call.tenant.id, "assertion", call.tenant.profile.client_id, assertion.jti, until)
    if not used_first(call.connection, use, call.now):
        raise AssertionRefused("jti-replayed", "断言的 jti 已被使用", "the assertion's jti was used before")


def _scopes(wanted: str) -> str:
    known = known_scopes()
    asked = wanted.split()
    if not set(asked) <= set(known):
        raise TokenError("invalid_scope", "申请的权限未登记", "the scope asked for is not registered")
    return " ".join(scope for scope in known if not asked or scope in asked)
