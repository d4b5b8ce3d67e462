"""Click's own phrases in Chinese; `LANGUAGE=en` keeps them English."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

LOCALES = Path(__file__).parent / "locale"


def speak_chinese_first() -> None:
    """Bind the catalogue before click asks for its first phrase."""
    os.environ.setdefault("LANGUAGE", "zh")
    gettext.bindtextdomain("messages", str(LOCALES))
