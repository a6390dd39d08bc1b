"""config/forms/*.toml: what is shipped loads, and every error is named at once."""

import shutil
from pathlib import Path

import pytest

from daemon.desk.form import FieldKind
from daemon.desk.trouble import Refused
from daemon.settings.forms import load_forms

SHIPPED = Path(__file__).parent.parent.parent / "config" / "forms"


def test_the_shipped_form():
    (form,) = load_forms(SHIPPED)
    assert (form.id, form.version, form.page) == ("PCBK-TNYC", "v1", (210.0, 297.0))
    assert form.fields == (
        "name",
        "customer_code",
        "phone",
        "address",
        "meter",
        "email",
        "date",
        "content",
        "category",
        "wanted_reply",
    )
    assert len(form.boxes) == 9 and len(form.squares) == 4
    assert {cell.field: cell.kind for cell in form.cells}["customer_code"] is FieldKind.CODE
    assert form.blank and Path(form.blank).is_file()


def test_no_folder_no_forms(tmp_path):
    assert load_forms(tmp_path / "none") == ()


def test_every_error_of_every_file_is_named(tmp_path):
    text = (SHIPPED / "pcbk-tnyc-v1.toml").read_text("utf-8")
    shutil.copy(SHIPPED / "pcbk-tnyc-v1.png", tmp_path)
    (tmp_path / "a.toml").write_text(text, "utf-8")
    (tmp_path / "b.toml").write_text(
        text.replace('kind = "phone"', 'kind = "fax"').replace("title =", "titel ="), "utf-8"
    )
    (tmp_path / "c.toml").write_text("id = [", "utf-8")
    wrong = text.replace("[65.2, 58.4, 193.0, 66.7]", "[193.0, 58.4, 65.2, 300.0]").replace("v1.png", "v9.png")
    (tmp_path / "d.toml").write_text(wrong.replace('field = "meter"', 'field = "phone"'), "utf-8")
    with pytest.raises(Refused) as refusal:
        load_forms(tmp_path)
    said = str(refusal.value)
    for part in (
        "b.toml: cells.2.kind",
        "b.toml: titel: khóa không có",
        "b.toml: title: thiếu khóa",
        "c.toml: không đúng dạng TOML",
        "d.toml: cells.name: vùng phải viết theo thứ tự",
        "d.toml: cells.name: vùng nằm ngoài trang",
        "d.toml: cells.phone: trường này có hai ô",
        "d.toml: blank: không có tệp",
        "d.toml: id, version: mẫu PCBK-TNYC v1 đã có",
    ):
        assert part in said, part
