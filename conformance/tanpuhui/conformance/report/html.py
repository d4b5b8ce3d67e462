"""The report as one page that needs nothing else: no network, no other file, no build step."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from tanpuhui.conformance.report.clause import word_of
from tanpuhui.conformance.report.page import page_of

if TYPE_CHECKING:
    from tanpuhui.conformance.report.source import ReportSource


def html(source: ReportSource) -> str:
    """The whole page."""
    script = _part("report.js")
    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(_part),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["prose"] = _prose
    return environment.get_template("report.html.j2").render(
        page=page_of(source),
        word_of=word_of,
        style=Markup(_part("report.css")),  # noqa: S704  # our own file
        script=Markup(script),  # noqa: S704  # our own file
        script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _part(name: str) -> str:
    return files("tanpuhui.conformance").joinpath("report", "templates", name).read_text(encoding="utf-8")


def _prose(text: str) -> Markup:
    """The law writes names between backticks; a page sets them in another face."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if place % 2 else escape(piece)
        for place, piece in enumerate(pieces)
    )
