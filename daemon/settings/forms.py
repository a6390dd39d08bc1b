"""``config/forms/*.toml`` to form layouts: every error of every file at once. Does not look at pictures."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from daemon.desk.form import Box, Cell, FieldKind, FormLayout, Rect
from daemon.desk.trouble import Refused

Millimetres = Annotated[float, Field(ge=0, le=2000)]
Area = tuple[Millimetres, Millimetres, Millimetres, Millimetres]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Cell(_Strict):
    field: str = Field(pattern=r"^[a-z_]+$")
    kind: FieldKind
    rect: Area
    label: str = ""
    required: bool = False


class _Box(_Strict):
    field: str = Field(pattern=r"^[a-z_]+$")
    value: str = Field(min_length=1)
    rect: Area
    label: str = ""


class _Form(_Strict):
    id: str = Field(pattern=r"^[A-Za-z0-9-]+$")
    version: str = Field(pattern=r"^[A-Za-z0-9.]+$")
    title: str = Field(min_length=1)
    page: tuple[Millimetres, Millimetres]
    qr: Area | None = None
    squares: tuple[Area, Area, Area, Area] | None = None
    cells: list[_Cell] = Field(min_length=1)
    boxes: list[_Box] = []
    blank: str | None = None


def load_forms(folder: Path) -> tuple[FormLayout, ...]:
    """Return the layouts of every ``*.toml`` in ``folder``, in the order of their file names.

    Raises ``Refused`` with one line an error (file, key, what is wrong) over all files; a folder that does not exist
    or holds no form gives an empty tuple, for a desk may work without printed forms.
    """
    layouts: list[FormLayout] = []
    wrong: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            layout = _layout(_Form.model_validate(tomllib.loads(path.read_text("utf-8-sig"))), folder)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            wrong.append(f"{path.name}: không đúng dạng TOML: {error}")
        except ValidationError as error:
            wrong.extend(_lines(path.name, error))
        else:
            wrong.extend(f"{path.name}: {line}" for line in _contradictions(layout, layouts))
            layouts.append(layout)
    if wrong:
        raise Refused("Cấu hình mẫu phiếu (config/forms) có lỗi, hãy sửa rồi chạy lại:\n" + "\n".join(wrong))
    return tuple(layouts)


def _lines(name: str, error: ValidationError) -> list[str]:
    return [f"{name}: {'.'.join(str(part) for part in e['loc'])}: {_say(e)}" for e in error.errors()]


def _say(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "khóa không có trong mẫu cấu hình, hãy xóa hoặc sửa tên khóa"
    if error["type"] == "missing":
        return "thiếu khóa này"
    return f"giá trị {error.get('input')!r} không hợp lệ ({error['msg']})"


def _layout(form: _Form, folder: Path) -> FormLayout:
    return FormLayout(
        form.id,
        form.version,
        form.title,
        form.page,
        Rect(*form.qr) if form.qr else None,
        tuple(Rect(*area) for area in form.squares or ()),
        tuple(Cell(c.field, c.kind, Rect(*c.rect), c.label, c.required) for c in form.cells),
        tuple(Box(b.field, b.value, Rect(*b.rect), b.label) for b in form.boxes),
        str((folder / form.blank).resolve()) if form.blank else None,
    )


def _contradictions(layout: FormLayout, others: list[FormLayout]) -> list[str]:
    """Return what each value alone cannot show: areas off the page or inside out, doubled fields, a missing picture."""
    found = []
    areas = [("qr", layout.qr)] if layout.qr else []
    areas += [(f"squares.{n}", r) for n, r in enumerate(layout.squares)]
    areas += [(f"cells.{c.field}", c.rect) for c in layout.cells]
    areas += [(f"boxes.{b.field}.{b.value}", b.rect) for b in layout.boxes]
    for key, rect in areas:
        if rect.left >= rect.right or rect.top >= rect.bottom:
            found.append(f"{key}: vùng phải viết theo thứ tự trái, trên, phải, dưới")
        if rect.right > layout.page[0] or rect.bottom > layout.page[1]:
            found.append(f"{key}: vùng nằm ngoài trang {layout.page[0]:g} x {layout.page[1]:g} mm")
    names = [c.field for c in layout.cells]
    found += [f"cells.{name}: trường này có hai ô" for name in sorted(set(names)) if names.count(name) > 1]
    ticks = [(b.field, b.value) for b in layout.boxes]
    found += [f"boxes.{f}.{v}: lựa chọn này có hai ô" for f, v in sorted(set(ticks)) if ticks.count((f, v)) > 1]
    found += [f"boxes.{f}: trường này đã là ô chữ" for f in sorted({f for f, _ in ticks} & set(names))]
    if not layout.blank and not (layout.qr and layout.squares):
        found.append("blank: phiếu không có mã QR hoặc không có bốn ô vuông đen thì phải có ảnh tờ trắng để nhận ra")
    if layout.blank and not Path(layout.blank).is_file():
        found.append(f"blank: không có tệp {Path(layout.blank).name}, hãy tạo lại bằng tools/make_form.py")
    if any((layout.id, layout.version) == (other.id, other.version) for other in others):
        found.append(f"id, version: mẫu {layout.id} {layout.version} đã có ở tệp khác")
    return found
