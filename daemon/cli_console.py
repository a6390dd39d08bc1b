"""Commands of the console: serving it, and the people who may sign in."""

import sys
from pathlib import Path

import click

from daemon.cli_options import by_option, office, own_folder
from daemon.cli_words import Command, Group
from daemon.desk.trouble import Refused

ROLES = ("agent", "chief", "leader", "administrator")


@click.command(cls=Command, help="Mở trang web của phòng (địa chỉ, cổng trong [console] của config/desk.toml).")
@click.option("--until-input-ends", is_flag=True, hidden=True, help="Dừng khi đầu vào chuẩn đóng lại.")
@click.pass_obj
def console(home: Path, until_input_ends: bool) -> int:
    """Serve the console."""
    from daemon.console.serve import serve
    from daemon.office.logs import start_log

    own_folder(home)
    start_log(home, "console")

    def ready(where: str) -> None:
        click.echo(f"motcua console: {where}")
        sys.stdout.flush()

    return serve(home, ready, sys.stdin.buffer if until_input_ends else None)


@click.group(cls=Group, help="Người dùng của trang web: thêm, xem, đổi mật khẩu, đóng.")
def user() -> None:
    """Hold the commands on users."""


@user.command("add", help="Thêm người dùng; mật khẩu được hỏi, hoặc đọc từ đầu vào chuẩn.")
@click.argument("name", metavar="NAME")
@click.option("--title", metavar="HỌ-TÊN", default="", help="Họ tên hiện trong phiếu (mặc định: NAME).")
@click.option("--role", type=click.Choice(ROLES), default="agent", help="Vai trò (mặc định: agent).")
@by_option
@click.pass_obj
def add(home: Path, name: str, title: str, role: str, by: str) -> None:
    """Add a user."""
    from daemon.office import people

    parts = office(home)
    people.check_new(parts, name, title, role)  # nobody types a password twice for nothing
    people.add_user(parts, name, title, role, _password(), by)
    click.echo(f"Đã thêm {name} ({people.ROLES[role]}).")


@user.command("list", help="Danh sách người dùng.")
@click.pass_obj
def list_(home: Path) -> None:
    """List the users."""
    from daemon.office import people

    for each in people.users(office(home)).all():
        state = "" if each.active else " · đã đóng"
        click.echo(
            f"{each.name} · {each.title} · {people.ROLES[each.role]}{state}{' · vắng: ' + each.away if each.away else ''}"
        )


@user.command("password", help="Đặt lại mật khẩu, mở khóa; mọi phiên đang mở kết thúc.")
@click.argument("name", metavar="NAME")
@by_option
@click.pass_obj
def password(home: Path, name: str, by: str) -> None:
    """Set a password."""
    from daemon.office import people

    parts = office(home)
    people.need(parts, name)
    people.change_password(parts, name, _password(), by)
    click.echo(f"Đã đổi mật khẩu của {name}.")


@user.command("role", help="Đổi vai trò.")
@click.argument("name", metavar="NAME")
@click.argument("role", metavar="ROLE", type=click.Choice(ROLES))
@by_option
@click.pass_obj
def role(home: Path, name: str, role: str, by: str) -> None:
    """Change a role."""
    from daemon.office import people

    people.change_role(office(home), name, role, by)
    click.echo(f"{name}: {people.ROLES[role]}.")


@user.command("close", help="Đóng tài khoản: không đăng nhập được nữa, mọi phiên kết thúc.")
@click.argument("name", metavar="NAME")
@by_option
@click.pass_obj
def close(home: Path, name: str, by: str) -> None:
    """Close an account."""
    from daemon.office import people

    people.set_active(office(home), name, False, by)
    click.echo(f"Đã đóng {name}.")


def _password() -> str:
    if sys.stdin is not None and sys.stdin.isatty():
        return str(click.prompt("Mật khẩu", hide_input=True, confirmation_prompt="Nhập lại mật khẩu"))
    line = sys.stdin.readline().rstrip("\r\n") if sys.stdin is not None else ""
    if not line:
        raise Refused("Chưa có mật khẩu: gõ khi được hỏi, hoặc chuyển một dòng vào đầu vào chuẩn.")
    return line


COMMANDS = (console, user)
