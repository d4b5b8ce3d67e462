"""Credentials as the interface document declares them: openapi-core itself lets oauth2 pass unlooked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from openapi_core.security.exceptions import SecurityProviderError
from openapi_core.security.factories import SecurityProviderFactory
from openapi_core.security.providers import BaseProvider

if TYPE_CHECKING:
    from openapi_core.datatypes import RequestParameters

_BEARER = "bearer "


class BearerProvider(BaseProvider):
    """Takes the access token out of the Authorization field, the only place where it may be (AUT-005)."""

    def __call__(self, parameters: RequestParameters) -> str:
        """The token, or openapi-core's own error where there is none."""
        field = str(parameters.header.get("Authorization", ""))
        if field[: len(_BEARER)].lower() != _BEARER or len(field) == len(_BEARER):
            raise SecurityProviderError("no bearer token")
        return field[len(_BEARER) :]


class Providers(SecurityProviderFactory):
    """openapi-core's providers with a real one for oauth2."""

    PROVIDERS: ClassVar[dict[str, type[BaseProvider]]] = {  # type: ignore[misc]  # declared as an instance variable there
        **SecurityProviderFactory.PROVIDERS,
        "oauth2": BearerProvider,
    }
