"""Where this mock may send anything: to this machine and nowhere else."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


class ForeignAddress(ValueError):
    """地址不在本机 / An address that this mock does not send to."""

    def __init__(self) -> None:
        super().__init__(
            "模拟平台只向本机（127.0.0.1、::1、localhost）投递；"
            "请登记本机的 http 地址，不含用户信息、查询和片段"
            " / the mock platform delivers to this machine only (127.0.0.1, ::1, localhost);"
            " register an http address of it, without user, query or fragment"
        )


def require_loopback(url: str) -> str:
    """The address without a trailing slash, if it is on this machine."""
    try:
        parts = urlsplit(url)
        port_sound = parts.port is None or parts.port > 0
    except ValueError:
        raise ForeignAddress from None
    plain = (
        parts.username is None
        and not parts.query
        and not parts.fragment
        and url.isascii()
        and url.isprintable()
        and " " not in url
    )
    if (
        parts.scheme not in {"http", "https"}
        or not plain
        or not port_sound
        or not _is_loopback(parts.hostname or "")
    ):
        raise ForeignAddress
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
