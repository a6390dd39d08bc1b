"""Makes the first templates. Afterwards they are edited in Word; run this only to begin again.

    python tools/make_templates.py [FOLDER]        (default: templates)

Existing files are kept unless --force is given.
"""

import argparse
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from daemon.documents.package import Package
from tools import template_forms as forms
from tools import template_letters as letters
from tools import template_report as report

TEMPLATES: dict[str, Callable[[], Any]] = {
    "request-unit.docx": forms.request_unit,
    "request-dispatch.docx": forms.request_dispatch,
    "request-other.docx": forms.request_other,
    "request-time-change.docx": forms.request_time_change,
    "incident-duty.docx": forms.incident_duty,
    "reminder.docx": forms.reminder,
    "appointment-slip.docx": forms.appointment_slip,
    "call-sheet.docx": forms.call_sheet,
    "leader-case.docx": letters.leader_case,
    "answer-outage-info.docx": letters.answer_outage_info,
    "answer-cost.docx": letters.answer_cost,
    "answer-incident.docx": letters.answer_incident,
    "answer-complaint.docx": letters.answer_complaint,
    "answer-time-change.docx": letters.answer_time_change,
    "answer-other.docx": letters.answer_other,
    "interim-answer.docx": letters.interim_answer,
    "report.docx": report.report,
}


def _bytes(doc: Any) -> bytes:
    """Return the file without the time of its making: the same script gives the same file."""
    stream = io.BytesIO()
    doc.save(stream)
    return Package.load(stream.getvalue()).write({})


def main() -> None:
    """Write the templates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default="templates", type=Path)
    parser.add_argument("--force", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, make in TEMPLATES.items():
        path = options.folder / name
        if path.exists() and not options.force:
            print(f"kept {path}")
            continue
        path.write_bytes(_bytes(make()))
        print(f"made {path}")


if __name__ == "__main__":
    main()
