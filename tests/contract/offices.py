"""A whole office whose mailbox is one of the houses."""

import json
import re
from pathlib import Path

from daemon.office.founding import found
from tests.contract.houses import House
from tests.contract.mails import DESK


def settle_in(home: Path, house: House, **other: object) -> Path:
    """Found an office in ``home`` whose mailbox is the house; ``other`` keys stand above those of its table."""
    for _ in found(home):
        pass
    path = home / "config" / "desk.toml"
    text = re.sub(r"(?m)^kind = .*$", f'kind = "{house.kind}"', path.read_text("utf-8"), count=1)
    text = re.sub(r"(?m)^address = .*@.*$", f'address = "{DESK}"', text, count=1)
    table = "".join(f"{key} = {json.dumps(value)}\n" for key, value in {**house.table(), **other}.items())
    text = re.sub(r"\[mailbox\.maildir\]\n(.+\n)*", lambda _: f"[mailbox.{house.kind}]\n{table}", text)
    path.write_text(text, "utf-8")
    return home
