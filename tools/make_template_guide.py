"""Writes docs/mau-van-ban.md: how a template is edited in Word, and every name it may use.

python tools/make_template_guide.py
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from daemon.desk import letter_names, report_words  # noqa: E402

HEAD = """# Mẫu văn bản

Mẫu là tệp Word trong thư mục `templates/`. Mở bằng Word, sửa lời văn, phông, cỡ chữ, logo rồi lưu; lần lập văn bản sau dùng ngay mẫu mới.
Sửa xong hãy chạy `motcua check`: mọi lỗi được báo kèm tên tệp và chỗ đứng (bảng, hàng, ô, đoạn).

## Cách viết thẻ

| muốn | viết |
| --- | --- |
| in một giá trị | `{{ customer.name }}` |
| để dòng chấm khi chưa có | `{{ customer.phone\\|dots }}`, `{{ customer.phone\\|dots(20) }}` |
| chỉ in kèm lời khi có giá trị | `{{ customer.code\\|prefixed(', mã khách hàng ') }}` |
| chữ hoa; chữ đầu viết thường | `{{ issuer.name\\|upper }}`; `{{ ticket.channel\\|lowerfirst }}` |
| nối một danh sách | `{{ to\\|join(', ') }}` |
| in một phần khi có điều kiện, trong một đoạn | `{% if customer.code %} … {% else %} … {% endif %}` |
| giữ hoặc bỏ cả đoạn | một đoạn riêng `{%p if costs %}`, … , một đoạn riêng `{%p endif %}` |
| lặp một đoạn | đoạn riêng `{%p for line in answer.paragraphs %}`, đoạn `{{ line }}`, đoạn riêng `{%p endfor %}` |
| lặp một hàng của bảng | hàng riêng `{%tr for row in units %}`, hàng có `{{ row.name }}`, hàng riêng `{%tr endfor %}` |

Đoạn hoặc hàng có thẻ `{%p … %}`, `{%tr … %}` bị bỏ khi in, nên không được chứa nội dung khác. Một thẻ phải nằm trọn trong một đoạn.
Mẫu chỉ in, không tính toán và không gọi hàm. Lời khách hàng viết luôn được in đúng từng chữ.

## Mã QR và biểu đồ

- Mã QR được đặt vào ảnh PNG có chữ thay thế (Alt Text) là `QR`; mẫu gửi đi phải có ảnh này ở mọi trang (đầu hoặc chân trang). Kích thước nên từ 18 mm, chung quanh để trắng.
- Biểu đồ của báo cáo là biểu đồ Word có chữ thay thế `chart:kinds`, `chart:course`, `chart:units`; số liệu và bảng tính kèm theo được thay mỗi lần lập.

## Thể thức

Mẫu có Quốc hiệu và được phòng ban hành được kiểm tra theo Nghị định 30/2020/NĐ-CP (khổ giấy, lề, phông, cỡ chữ, vị trí, số trang); phiếu của quy trình phải có khung
Mã số, Lần ban hành, Ngày, Trang. Dòng `Số:` để trống cho văn thư cho đến khi nhập số bằng `motcua number`;
trả lời gửi bằng thư điện tử mà chưa có số thì không có dòng này và mang tên phòng (`{%p if doc.number %}`, `signer`).
"""


def lines(shape: Any, name: str) -> Iterator[str]:
    """Yield the rows of the table of names."""
    if isinstance(shape, Mapping):
        for child, value in shape.items():
            yield from lines(value, f"{name}.{child}" if name else child)
    elif isinstance(shape, list | tuple):
        if isinstance(shape[0], Mapping):
            for child, value in shape[0].items():
                yield f"| `{name}` → `row.{child}` | {value} |"
        else:
            yield f"| `{name}` (danh sách) | {shape[0]} |"
    else:
        yield f"| `{name}` | {shape} |"


def guide() -> str:
    """Return the whole guide."""
    parts = [HEAD]
    for title, shape in (
        ("Tên dùng trong phiếu và thư", letter_names.OFFERED),
        ("Tên dùng trong báo cáo (tệp có tên bắt đầu bằng `report`)", report_words.OFFERED),
    ):
        parts.append("\n".join([f"## {title}", "", "| tên | ý nghĩa |", "| --- | --- |", *lines(shape, "")]) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    path = ROOT / "docs" / "mau-van-ban.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(guide(), encoding="utf-8")
    print(path)
