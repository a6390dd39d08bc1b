"""Making documents, beside docxtpl: see ``daemon/documents/bench.py``, which knows both."""

from pathlib import Path

from daemon.documents.bench import documents as measure
from daemon.office.founding import shipped


def documents(home: Path, seconds: float = 1.5) -> dict[str, float]:
    """Return ``letter_ratio`` and ``report_ratio`` on the templates of the working folder, else on the shipped ones."""
    own = home / "templates"
    figures = measure(own if own.is_dir() else shipped("templates"), seconds)
    return {name: figures[name] for name in ("letter_ratio", "report_ratio")}
