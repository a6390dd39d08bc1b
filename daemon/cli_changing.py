"""The commands that change a ticket: opening, correcting, asking, releasing, ending, and placing mails. Thin."""

import json
import sys
from pathlib import Path

import click

from daemon.cli_options import by_option, json_option, office, user
from daemon.cli_words import Command
from daemon.desk.trouble import Refused

CHANNELS = ("counter", "phone_note", "sms", "website", "letter", "email")
SOURCES = ("cmis", "oms", "website", "worklog", "phone")

UNANSWERED = ("new", "to_check", "looking_up", "waiting_unit", "to_approve")

number_argument = click.argument("number", metavar="NUMBER")
why_option = click.option("--why", required=True, help="Lý do.")


def _note() -> str:
    return (
        "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.buffer.read().decode("utf-8-sig", errors="replace")
    )


@click.command(cls=Command, help="Mở phiếu từ ghi chú gõ vào (đọc từ đầu vào chuẩn); in ra số phiếu.")
@click.option("--channel", type=click.Choice(CHANNELS), required=True, help="Kênh tiếp nhận.")
@json_option
@by_option
@click.pass_obj
def new(home: Path, channel: str, as_json: bool, by: str) -> None:
    """Open a ticket from a note."""
    from daemon.desk.ticket import Channel
    from daemon.office import actions, listing, showing

    parts = office(home)
    number = actions.new(parts, Channel(channel), _note(), by)
    ticket = listing.one(parts, number)
    if as_json:
        click.echo(json.dumps(showing.as_json(parts, ticket), ensure_ascii=False))
        return
    click.echo(number)
    if ticket.danger:
        click.echo(showing.danger_line(parts, ticket), err=True)


FIELDS = """Xác nhận hoặc sửa trường của phiếu; không ghi trường nào là xác nhận tất cả.

\b
category         outage_info, reconnection_cost, incident_report, outage_complaint,
                 outage_time_change, other, not_a_request
unit             tên ngắn của đơn vị như trong config/units.toml, ví dụ "Ba Bể"
wanted_reply     letter, phone, email
danger           yes, no (hoặc có, không)
outage_start     giờ bắt đầu ngừng điện: "27/10/2026 13:00" hoặc 2026-10-27T13:00
new_start        giờ ngừng điện mới (khi category là outage_time_change)
override_notice  lý do vẫn đổi giờ khi không đủ ngày báo trước
name, customer_code, phone, address, email, content: của khách hàng
draft            bản dự thảo được dùng khi cả tệp Word và Drafts bị sửa

\b
Giá trị có dấu cách: motcua set PCBK-2026-000123 unit="Ba Bể" name="Bế Thị Lan"
"""


@click.command(
    "set", cls=Command, help=FIELDS, short_help="Xác nhận hoặc sửa trường; không ghi trường nào là xác nhận tất cả."
)
@number_argument
@click.argument("pairs", metavar="field=value …", nargs=-1)
@by_option
@click.pass_obj
def set_(home: Path, number: str, pairs: tuple[str, ...], by: str) -> None:
    """Confirm or correct fields."""
    from daemon.office import actions

    actions.set_fields(office(home), number, pairs, by)
    click.echo(f"Đã ghi vào {number}.")


@click.command(cls=Command, help="Ghi kết quả tra cứu của giao dịch viên (đọc từ đầu vào chuẩn).")
@number_argument
@click.option("--source", type=click.Choice(SOURCES), required=True, help="Nguồn tra cứu.")
@by_option
@click.pass_obj
def found(home: Path, number: str, source: str, by: str) -> None:
    """Record what the agent found."""
    from daemon.office import actions

    actions.found(office(home), number, source, _note(), by)
    click.echo(f"Đã ghi kết quả vào {number}.")


@click.command(cls=Command, help="Hỏi một đơn vị; nếu đơn vị đang hỏi lại thì gửi lời trả lời đọc từ đầu vào chuẩn.")
@number_argument
@click.option("--unit", metavar="U", required=True, help="Tên ngắn của đơn vị, ví dụ B26.")
@by_option
@click.pass_obj
def ask(home: Path, number: str, unit: str, by: str) -> None:
    """Ask a unit."""
    from daemon.office import actions

    actions.ask(office(home), number, unit, _note(), by)
    click.echo(f"Sẽ gửi {unit} ở lượt làm việc tới.")


@click.command(cls=Command, help="Duyệt câu trả lời đã soạn.")
@number_argument
@click.option("--as-is", is_flag=True, help="Duyệt cả khi dự thảo còn lời cần xem.")
@by_option
@click.pass_obj
def approve(home: Path, number: str, as_is: bool, by: str) -> None:
    """Release the answer."""
    from daemon.office import actions

    said = actions.approve(office(home), number, by, as_is=as_is)
    click.echo(f"Đã duyệt {number}. {said}")


@click.command(cls=Command, help="Ghi rằng khách hàng đã được trả lời.")
@number_argument
@click.option("--by", "form", type=click.Choice(("letter", "phone", "email")), required=True, help="Hình thức trả lời.")
@click.option("--note", default="", help="Ghi chú.")
@click.option("--author", metavar="NAME", default=user, help="Người làm (mặc định: người dùng máy).")
@click.pass_obj
def answered(home: Path, number: str, form: str, note: str, author: str) -> None:
    """Record that the customer was answered."""
    from daemon.office import actions

    actions.answered(office(home), number, form, note, author)
    click.echo(f"Đã ghi trả lời {number}.")


@click.command(cls=Command, help="Ghi số văn bản do văn thư cấp.")
@number_argument
@click.argument("text", metavar="TEXT")
@by_option
@click.pass_obj
def number(home: Path, number: str, text: str, by: str) -> None:
    """Enter the official number."""
    from daemon.office import actions

    said = actions.give_number(office(home), number, text, by)
    click.echo(f"Đã ghi số văn bản {text} vào {number}. {said}".rstrip())


@click.command(cls=Command, help="Gia hạn trả lời khách hàng.")
@number_argument
@click.option("--until", metavar="D", required=True, help="Hạn mới, ví dụ 27/10/2026.")
@why_option
@by_option
@click.pass_obj
def extend(home: Path, number: str, until: str, why: str, by: str) -> None:
    """Extend the promise."""
    from daemon.office import actions

    said = actions.extend(office(home), number, until, why, by)
    click.echo(f"Đã gia hạn {number}. {said}")


@click.command(cls=Command, help="Mở lại phiếu đã kết thúc: về đúng chỗ đang làm dở, không hỏi lại đơn vị.")
@number_argument
@why_option
@by_option
@click.pass_obj
def reopen(home: Path, number: str, why: str, by: str) -> None:
    """Reopen a ticket."""
    from daemon.desk import todo
    from daemon.office import actions, listing

    parts = office(home)
    actions.reopen(parts, number, why, by)
    click.echo(f"Đã mở lại {number}. {todo.reopened(listing.one(parts, number))}")


@click.command(cls=Command, help="Nhập phiếu vào một phiếu khác cùng việc.")
@number_argument
@click.argument("into", metavar="INTO")
@by_option
@click.pass_obj
def merge(home: Path, number: str, into: str, by: str) -> None:
    """Merge tickets."""
    from daemon.office import actions

    warning = actions.merge(office(home), number, into, by)
    click.echo(f"Đã nhập {number} vào {into}.")
    if warning:
        click.echo(warning, err=True)


@click.command(cls=Command, help="Đóng phiếu; khách hàng chưa được trả lời thì không nhận gì nữa.")
@number_argument
@by_option
@click.pass_obj
def close(home: Path, number: str, by: str) -> None:
    """Close a ticket; say so where its customer has no answer yet."""
    from daemon.office import actions
    from daemon.office.deciding import as_recorded

    parts = office(home)
    ticket = parts.store.ticket(number)
    unanswered = ticket is not None and as_recorded(parts, ticket).state in UNANSWERED
    said = actions.finish(parts, number, "closed_by", "", by)
    click.echo(f"Đã đóng {number}. {said}".rstrip())
    if unanswered:
        click.echo(
            f"Khách hàng chưa được trả lời: chương trình không gửi gì nữa. Nếu nhầm: motcua reopen {number} --why …",
            err=True,
        )


@click.command(cls=Command, help="Hủy phiếu; đơn vị đang được hỏi được báo qua thư, khách hàng thì không.")
@number_argument
@why_option
@by_option
@click.pass_obj
def cancel(home: Path, number: str, why: str, by: str) -> None:
    """Cancel a ticket."""
    from daemon.office import actions

    said = actions.finish(office(home), number, "cancelled", why, by)
    click.echo(f"Đã hủy {number}. {said}".rstrip())


@click.command(cls=Command, help="Đặt một thư vào phiếu NUMBER, hoặc mở phiếu mới từ thư khi NUMBER là new.")
@click.argument("message", metavar="MESSAGE")
@number_argument
@by_option
@click.pass_obj
def place(home: Path, message: str, number: str, by: str) -> None:
    """Place a mail."""
    from daemon.office import actions

    item = message.lstrip("mM")
    if not item.isdigit():
        raise Refused(f"{message!r}: cần số thư như trong motcua unplaced, ví dụ m12.")
    parts = office(home)
    if number == "new":
        opened = actions.open_from_item(parts, int(item), by)
        click.echo(opened)
        click.echo(actions.stands(parts, opened), err=True)
        return
    actions.place(parts, int(item), number, by)
    click.echo(f"Đã đặt thư {message} vào {number}.")


@click.command(cls=Command, help="Làm lại việc (12) hoặc đọc lại thư, tệp (m12) đang để riêng.")
@click.argument("name", metavar="ID")
@by_option
@click.pass_obj
def retry(home: Path, name: str, by: str) -> None:
    """Try again."""
    from daemon.office import actions

    click.echo(f"Sẽ làm lại: {actions.retry(office(home), name, by)}")


COMMANDS: tuple[click.Command, ...] = (
    new,
    set_,
    found,
    ask,
    approve,
    answered,
    number,
    extend,
    reopen,
    merge,
    close,
    cancel,
    place,
    retry,
)
