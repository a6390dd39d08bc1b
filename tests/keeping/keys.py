"""Every key that a configuration file may have, asked of the program itself: an unknown key makes it name the known ones."""

import datetime as dt
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from daemon.desk.trouble import Refused
from daemon.settings.forms import load_forms
from daemon.settings.lookups import load_mappings
from daemon.settings.reading import load_reading
from daemon.settings.retention import load_retention
from daemon.settings.tariffs import load_tariffs
from daemon.settings.whole import load

MARK = "zzz_unknown"
_KNOWN = re.compile(r"^config/([^:]+?)(?::\d+)?: (.*?)" + MARK + r": mục lạ.*?các mục có thể dùng: (.*)$")
_MORE = {
    "desk.toml": f"""
[[gateways]]
sender = "a@b.c"
channel = "sms"
{MARK} = 1
[gateways.fields]
{MARK} = 1
""",
    "calendar": f"""
[[seasons]]
{MARK} = 1
""",
}


def keys_of(root: Path, work: Path) -> dict[str, set[str]]:
    """Return for each file of config/ (a folder for those of a folder) the keys that the program asks it for."""
    shutil.copytree(root / "config", work / "config")
    config = work / "config"
    for path in config.rglob("*.toml"):
        path.write_text(_marked(path), "utf-8")
    today = dt.date.today()
    readers: tuple[Callable[[], object], ...] = (
        lambda: load(work, today),
        lambda: load_reading(config / "reading.toml"),
        lambda: load_mappings(config / "lookups.toml"),
        lambda: load_tariffs(config / "tariffs.toml"),
        lambda: load_forms(config / "forms"),
        lambda: load_retention(config / "retention.toml"),
    )
    told: list[str] = []
    for read in readers:
        try:
            read()
        except Refused as refused:
            told += str(refused).splitlines()
    found: dict[str, set[str]] = {}
    for line in told:
        if match := _KNOWN.match(line):
            found.setdefault(match[1].split("/")[0], set()).update(match[3].replace(MARK, "").split(", "))
    return {name: {key for key in keys if key} for name, keys in found.items()}


def _marked(path: Path) -> str:
    """The file with an unknown key in every table."""
    text = path.read_text("utf-8")
    text = re.sub(r"(?m)^(\s*\[\[?[^\]\n]+\]\]?[^\n]*)$", rf"\1\n{MARK} = 1", text)
    text = re.sub(r"(?m)^(\w+ = \{ )", rf"\1{MARK} = 1, ", text)
    more = _MORE.get(path.name) or _MORE.get(path.parent.name, "")
    return f"{MARK} = 1\n{text}\n{more}"
