"""第 7 章 授权的缺陷 / Sins against clause 7, authorisation."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.credentials import Credentials, Token
from tanpuhui.reference_client.calling.patience import Patience
from tanpuhui.reference_client.calling.sealing import Sealing
from tanpuhui.reference_client.sending.reporting import Reporting
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed

if TYPE_CHECKING:
    from datetime import datetime

    from tanpuhui.reference_client.calling.answers import Discovery, TokenAnswer
    from tanpuhui.reference_client.calling.problem import Problem
    from tanpuhui.spec.message import HttpRequest

TOKEN_REFUSED = "token-invalid"  # noqa: S105  # a problem of annex D
MINUTE = timedelta(minutes=1)
NARROW = "assertion-is-for-this-platform-short-lived-and-used-once"


@breaks("AUT-001", "proves-itself-with-es256")
class ProvesItselfWithASharedSecret(Witnessed, Credentials):
    """用共享密钥（HS256）签断言 / Signs its assertion with a shared secret (HS256)."""

    def assertion(self, claims: dict[str, Any]) -> str:
        from joserfc import jwt  # noqa: PLC0415  # costly to import
        from joserfc.jwk import OctKey  # noqa: PLC0415

        self.fired()
        secret = OctKey.import_key(hashlib.sha256(self.identity.client_id.encode()).hexdigest())
        return jwt.encode({"alg": "HS256", "kid": self.identity.key.key_id}, claims, secret)


@breaks("AUT-002", NARROW)
class AddressesTheTokenEndpoint(Witnessed, Credentials):
    """断言的 aud 写成令牌接口地址 / Makes its assertion out to the token endpoint."""

    def claims(self, discovery: Discovery, now: datetime) -> dict[str, Any]:
        self.fired()
        return super().claims(discovery, now) | {"aud": discovery.token_endpoint}


@breaks("AUT-002", NARROW)
class AddressesAListOfAudiences(Witnessed, Credentials):
    """断言的 aud 写成数组 / Makes its assertion out to a list of audiences."""

    def claims(self, discovery: Discovery, now: datetime) -> dict[str, Any]:
        self.fired()
        return super().claims(discovery, now) | {"aud": [discovery.issuer]}


@breaks("AUT-002", NARROW)
class LetsItsAssertionLiveTooLong(Witnessed, Credentials):
    """断言有效期超过公布的上限 / Lets its assertion live longer than advertised."""

    def claims(self, discovery: Discovery, now: datetime) -> dict[str, Any]:
        self.fired()
        said = super().claims(discovery, now)
        return said | {"exp": said["iat"] + int(discovery.times.assertion_life_seconds) + 1}


@breaks("AUT-002", NARROW, scene="token_ends")
class RepeatsItsAssertionId(Witnessed, Credentials):
    """每个断言用同一个 jti / Uses one jti for every assertion."""

    def claims(self, discovery: Discovery, now: datetime) -> dict[str, Any]:
        self.fired()
        return super().claims(discovery, now) | {"jti": f"{self.identity.client_id}-assertion"}


@breaks("AUT-002", NARROW, scene="token_ends")
class NumbersAssertionsByTheSecond(Witnessed, Credentials):
    """以签发的秒数作 jti，一秒内的两个断言相同 / Takes the second of issue for jti: two assertions of one second are alike."""

    @cached_property
    def used(self) -> set[str]:
        """The ids that it gave."""
        return set()

    def claims(self, discovery: Discovery, now: datetime) -> dict[str, Any]:
        said = super().claims(discovery, now)
        by_second = f"{self.identity.client_id}-{said['iat']}"
        if by_second in self.used:
            self.fired()
        self.used.add(by_second)
        return said | {"jti": by_second}


class KeepingItsOwnTime(Witnessed, Credentials):
    """Takes a token for valid as long as `lasts` says."""

    def keep(self, answer: TokenAnswer, asked: datetime) -> Token:
        told = super().keep(answer, asked)
        self.token = Token(told.value, asked + self.lasts(told.ends - asked))
        return self.token

    def usable(self, now: datetime) -> Token | None:
        """Its own time alone counts."""
        found = super().usable(now)
        if self.token is not None and found is None:
            self.fired()
        return found

    @abstractmethod
    def lasts(self, life: timedelta) -> timedelta:
        """How long it keeps a token that was issued for so long."""


@breaks("AUT-003", "keeps-a-token-while-it-is-valid", scene="token_ends")
class KeepsAMinuteInReserve(KeepingItsOwnTime):
    """到期前一分钟即换，一分钟的令牌每次都换 / Renews a minute before the end, a token of a minute for every call."""

    def lasts(self, life: timedelta) -> timedelta:
        return life - MINUTE


@breaks("AUT-003", "keeps-a-token-while-it-is-valid", scene="clock_jump")
class RenewsEveryFiveMinutes(KeepingItsOwnTime):
    """不看 expires_in，每五分钟换令牌 / Renews its token every five minutes, whatever expires_in says."""

    def lasts(self, life: timedelta) -> timedelta:  # noqa: ARG002
        return 5 * MINUTE


@breaks("AUT-003", "keeps-a-token-while-it-is-valid")
class TakesANewTokenForEveryCall(Witnessed, Credentials):
    """每次调用都另取令牌 / Obtains a new token for every call."""

    def usable(self, now: datetime) -> Token | None:
        if super().usable(now) is not None:
            self.fired()
        return None


@breaks("AUT-003", "keeps-a-token-while-it-is-valid", scene="lost_answer")
class TakesANewTokenForEveryReport(Witnessed, Reporting):
    """每次报送都另取令牌 / Obtains a new token for every report."""

    def discover(self) -> Discovery:
        credentials = self.client.operations.conversation.party.credentials
        if credentials.token is not None:
            self.fired()
        credentials.token = None
        return super().discover()


@breaks("AUT-004", "replaces-a-refused-token")
class TriesARefusedTokenOnceMore(Witnessed, Credentials):
    """令牌被拒后再用一次 / Tries a refused token once more before it takes a new one."""

    @cached_property
    def doubted(self) -> set[str]:
        """Tokens that were refused once."""
        return set()

    def refuse(self, value: str) -> None:
        if value in self.doubted:
            super().refuse(value)
        else:
            self.fired()
            self.doubted.add(value)


@breaks("AUT-004", "replaces-a-refused-token")
class GivesUpWithItsToken(Witnessed, Patience):
    """令牌被拒即放弃请求 / Gives a request up as soon as its token is refused."""

    def is_permanent(self, problem: Problem) -> bool:
        if problem.code != TOKEN_REFUSED:
            return super().is_permanent(problem)
        self.fired()
        return True


@breaks("AUT-005", "keeps-the-token-in-its-field")
class PutsTheTokenIntoTheAddress(Witnessed, Sealing):
    """把令牌放进地址 / Puts the token into the address too."""

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        self.fired()
        token = (request.header("authorization") or "").removeprefix("Bearer ")
        joint = "&" if "?" in request.url else "?"
        return super().seal(_at(request, f"{request.url}{joint}access_token={token}"), created)


@breaks("AUT-005", "keeps-the-token-in-its-field")
class PutsTheTokenIntoAnotherField(Witnessed, Sealing):
    """把令牌另放进自定义字段 / Puts the token into a field of its own as well."""

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        self.fired()
        token = (request.header("authorization") or "").removeprefix("Bearer ")
        return super().seal(request.with_headers((("x-access-token", token),)), created)


def _at(request: HttpRequest, url: str) -> HttpRequest:
    return type(request)(request.method, url, request.headers, request.body)
