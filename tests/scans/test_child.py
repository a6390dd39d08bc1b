"""The reading child: what a file does there it does to nobody else."""

import json
import sys
from pathlib import Path

import pytest

from daemon.desk.trouble import Refused
from daemon.scans.child import Bounds, ReadingChild, read_file
from daemon.scans.raw import SeenPage, from_json, layout_from_json, layout_to_json, to_json
from daemon.scans.settle import settle
from tests.scans.paper import LAYOUT, filled, saved

# A stand-in for the child: does what the file's name says.
STANDIN = """
import json, os, sys, time
def say(answer):
    sys.stdout.write(json.dumps(answer) + "\\n"); sys.stdout.flush()
start = json.loads(sys.stdin.readline())
say({"ready": True, "missing": []})
for line in sys.stdin:
    name = os.path.basename(json.loads(line)["path"])
    page = {"page": 1, "count": 1, "kind": "returned", "ticket": str(os.getpid()), "cells": [], "boxes": [], "lines": [],
            "notes": []}
    if name == "hang": time.sleep(600)
    if name == "crash": os._exit(139)
    if name == "crash-after-page": say({"page": page}); os._exit(139)
    if name == "nap": say({"page": page}); say({"done": True}); os._exit(0)
    if name == "no": say({"refused": "no: không đọc được"}); continue
    if name == "defect": say({"failed": "ValueError: x"}); continue
    say({"page": page}); say({"done": True})
"""


@pytest.fixture
def standin():
    bounds = Bounds(page_seconds=1.0)
    with ReadingChild([LAYOUT], bounds, command=(sys.executable, "-c", STANDIN)) as child:
        yield child


def read(child, name):
    return list(child.pages(Path(name)))


def test_the_child_starts_with_the_first_file_and_stays_for_the_next(standin):
    assert not standin.alive
    first, second = read(standin, "a"), read(standin, "b")
    assert first[0].ticket == second[0].ticket
    standin.close()
    assert not standin.alive


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("hang", "lâu quá"),
        ("crash", "dừng đột ngột"),
        ("crash-after-page", "dừng đột ngột"),
        ("no", "không đọc được"),
        ("defect", "gặp lỗi"),
    ],
)
def test_trouble_is_that_files_own_and_the_next_is_read(standin, name, said):
    with pytest.raises(Refused, match=said):
        read(standin, name)
    assert read(standin, "good")[0].kind == "returned"


def test_a_child_that_went_to_sleep_is_woken_by_the_next_file(standin):
    read(standin, "nap")
    assert read(standin, "good")[0].kind == "returned"


@pytest.mark.parametrize("layouts", [1, 400], ids=["ends behind its wish", "ends while its wish is written"])
def test_a_child_that_cannot_start_is_refused_with_what_to_install(layouts):
    with (
        ReadingChild([LAYOUT] * layouts, command=(sys.executable, "-c", "raise SystemExit(1)")) as child,
        pytest.raises(Refused, match="pip install"),
    ):
        read(child, "a")


def test_the_true_child_reads_a_form_refuses_rubbish_and_keeps_its_crops(tmp_path):
    good, bad, crops = tmp_path / "Phiếu số 1.png", tmp_path / "bad.pdf", tmp_path / "crops"
    crops.mkdir()
    good.write_bytes(saved(filled()))
    bad.write_bytes(b"%PDF-1.4 cut off")
    with ReadingChild([LAYOUT]) as child:
        with pytest.raises(Refused, match="bị hỏng hoặc bị cụt"):
            read_file(child, bad, None, settle)
        (document,) = read_file(child, good, crops, settle)
    assert document.form_no == "123456" and document.value("category") == "incident_report"
    assert (crops / "p001-name.png").exists()


def test_a_child_short_of_memory_gives_up_that_file_alone(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(saved(filled()))
    with ReadingChild([LAYOUT], Bounds(memory_mb=100)) as child, pytest.raises(Refused):
        read(child, path)


def test_what_was_seen_survives_json():
    layout = layout_from_json(json.loads(json.dumps(layout_to_json(LAYOUT))))
    assert layout == LAYOUT
    page = SeenPage(1, 2, "letter", notes=("ghi chú",))
    assert from_json(json.loads(json.dumps(to_json(page)))) == page
