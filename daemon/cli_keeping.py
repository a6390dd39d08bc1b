"""The commands of whoever keeps the office running: backup and restore, personal data, set-up, the system's service."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from daemon.cli_options import by_option, office, own_folder
from daemon.cli_words import Command, Group
from daemon.desk.trouble import Trouble

if TYPE_CHECKING:
    from daemon.office.parts import Parts
    from daemon.office.person import Plan


@click.command(cls=Command, help="Sao lưu tất cả vào một tệp có mã kiểm tra, cả khi đang chạy.")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@by_option
@click.pass_obj
def backup(home: Path, file: Path, by: str) -> None:
    """Write a backup."""
    from daemon.office.backup import backup as write

    made = write(office(home), file.expanduser(), by)
    size = file.expanduser().stat().st_size / 1_000_000
    click.echo(f"Đã sao lưu {len(made['files'])} tệp vào {file} ({size:.1f} MB), đã đọc lại và khớp.")
    click.echo(f"SHA-256: {made['sha256']}")


@click.command(cls=Command, help="Khôi phục một bản sao lưu vào thư mục mới hoặc trống.")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def restore(file: Path, folder: Path) -> None:
    """Put a backup back."""
    from daemon.office.backup import restore as read

    for line in read(file.expanduser(), folder.expanduser()):
        click.echo(line)


# -- personal data -----------------------------------------------------------------------------------------------------
@click.group(
    cls=Group, help="Dữ liệu cá nhân: tìm, xuất, xóa, giữ, thời hạn. WHO: điện thoại, mã KH, thư hoặc số phiếu."
)
def person() -> None:
    """Hold the commands about personal data."""


def who_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``WHO…``."""
    return click.argument("who", metavar="WHO…", nargs=-1, required=True)(command)


why_option = click.option("--why", required=True, help="Căn cứ, ví dụ: yêu cầu của khách hàng ngày 05/10/2026.")


@person.command("find", help="Tìm mọi phiếu và thư của một người.")
@who_argument
@by_option
@click.pass_obj
def person_find(home: Path, who: tuple[str, ...], by: str) -> None:
    """Find a person."""
    from daemon.office import person as office_person

    parts = office(home)
    for line in office_person.found_lines(parts, office_person.find(parts, who, by)):
        click.echo(line)


@person.command("export", help="Xuất toàn bộ dữ liệu của một người ra một tệp HTML đọc được.")
@who_argument
@click.option("--out", "file", metavar="FILE", required=True, type=click.Path(path_type=Path), help="Tệp HTML mới.")
@by_option
@click.pass_obj
def person_export(home: Path, who: tuple[str, ...], file: Path, by: str) -> None:
    """Hand out a person's data."""
    from daemon.office.handing_out import export

    count = export(office(home), who, file.expanduser().absolute(), by)
    click.echo(f"Đã xuất {count} phiếu ra {file}")


@person.command("erase", help="Xóa dữ liệu của một người; không có --do thì chỉ cho biết sẽ xóa gì, giữ gì, vì sao.")
@who_argument
@click.option("--do", "really", is_flag=True, help="Xóa thật. Không lấy lại được.")
@click.option("--why", default="", help="Căn cứ, bắt buộc khi xóa thật.")
@by_option
@click.pass_obj
def person_erase(home: Path, who: tuple[str, ...], really: bool, why: str, by: str) -> int:
    """Erase a person's data, or tell what erasing would do."""
    from daemon.office import person as office_person

    parts = office(home)
    plan, someone = office_person.plan(parts, who)
    for line in office_person.plan_lines(plan):
        click.echo(line)
    return _erased(parts, plan, really, why, by, someone.email)


def _erased(parts: "Parts", plan: "Plan", really: bool, why: str, by: str, email: str = "") -> int:
    from daemon.office import person as office_person

    if plan.tickets or plan.items or plan.files:
        if really:
            office_person.erase(parts, plan, why, by, email)
        click.echo("Đã xóa." if really else "Chưa xóa gì. Xóa thật: thêm --do --why '…'")
    return 3 if plan.stays else 0


@person.command("hold", help="Giữ dữ liệu của một phiếu, không cho xóa (tranh chấp, yêu cầu của cơ quan).")
@click.argument("number", metavar="NUMBER")
@why_option
@by_option
@click.pass_obj
def person_hold(home: Path, number: str, why: str, by: str) -> None:
    """Hold a ticket."""
    from daemon.office import person as office_person

    office_person.hold(office(home), number.upper(), why, by)
    click.echo(f"Đang giữ {number}.")


@person.command("unhold", help="Thôi giữ dữ liệu của một phiếu.")
@click.argument("number", metavar="NUMBER")
@why_option
@by_option
@click.pass_obj
def person_unhold(home: Path, number: str, why: str, by: str) -> None:
    """Let go of a ticket."""
    from daemon.office import person as office_person

    office_person.let_go(office(home), number.upper(), why, by)
    click.echo(f"Đã thôi giữ {number}.")


@person.command("retention", help="Dữ liệu quá thời hạn trong config/retention.toml; không có --do thì chỉ cho biết.")
@click.option("--do", "really", is_flag=True, help="Xóa thật. Không lấy lại được.")
@click.option("--why", default="", help="Căn cứ, bắt buộc khi xóa thật.")
@by_option
@click.pass_obj
def person_retention(home: Path, really: bool, why: str, by: str) -> int:
    """Erase what stayed long enough, or tell what that is."""
    from daemon.office import person as office_person
    from daemon.office.retention import due

    parts = office(home)
    plan = due(parts)
    for line in office_person.plan_lines(plan):
        click.echo(line)
    return _erased(parts, plan, really, why, by)


# -- setting up --------------------------------------------------------------------------------------------------------
@click.command(
    cls=Command, help="Thiết lập lần đầu: đơn vị, hộp thư (thử kết nối), thư mục, lịch. Hỏi từng câu hoặc từ tệp."
)
@click.option(
    "--from", "file", metavar="FILE", type=click.Path(path_type=Path), help="Tệp TOML trả lời sẵn, không hỏi gì."
)
@click.option("--no-live", is_flag=True, help="Không kết nối thử hộp thư.")
@click.pass_obj
def setup(home: Path, file: Path | None, no_live: bool) -> int:
    """Set the office up."""
    from daemon.office import setup as office_setup
    from daemon.office.checking import check_all, lines
    from daemon.office.founding import refuse_closed
    from daemon.office.questions import from_person

    own_folder(home)
    refuse_closed(home)
    given: dict[str, Any] = {}
    try:
        if file:
            answers = office_setup.from_file(file.expanduser())
        else:
            click.echo(
                "Enter để giữ giá trị trong ngoặc vuông, dấu - để bỏ trống; Ctrl-C để dừng: chưa ghi gì cho đến câu cuối."
            )
            click.echo(
                "Muốn viết sẵn câu trả lời vào một tệp: motcua setup --from FILE (docs/huong-dan/cong-nghe-thong-tin.md)."
            )
            answers = from_person(office_setup.config_of(home), _ask, given)
        for line in office_setup.apply(home, answers):
            click.echo(line)
    except (click.Abort, KeyboardInterrupt, Trouble):
        _keep(home, given)
        raise
    seen = check_all(home, live=not no_live)
    for line in lines(seen):
        click.echo(line)
    click.echo(
        f"Chạy: motcua --home {home} run"
        if not seen.errors
        else f"Sửa các LỖI trên, rồi chạy: motcua --home {home} check --live (hoặc lại setup)"
    )
    return 2 if seen.errors else 0


def _keep(home: Path, given: dict[str, Any]) -> None:
    """Leave a person the answers so far."""
    from daemon.office.unfinished import keep

    if not any(given.values()):
        return
    kept = keep(given, Path.cwd(), Path.home())
    click.echo(
        f"\nCác câu đã trả lời còn ở {kept}: sửa, ghi thêm, rồi chạy motcua --home {home} setup --from {kept}"
        if kept
        else "\nKhông giữ được các câu đã trả lời: thư mục hiện tại và thư mục riêng đều không ghi được.",
        err=True,
    )


def _ask(question: str, now: str) -> str:
    return str(click.prompt(question, default=now, show_default=bool(now))).strip()


@click.group(cls=Group, help="Chạy như dịch vụ của hệ thống.")
def service() -> None:
    """Hold the commands about the service."""


@service.command("install", help="Ghi đơn vị systemd cho thư mục làm việc này.")
@click.option("--user", "name", metavar="NAME", default="motcua", help="Người dùng chạy dịch vụ (mặc định: motcua).")
@click.option("--console", is_flag=True, help="Chạy kèm trang web.")
@click.option(
    "--credential",
    "credentials",
    metavar="NAME",
    multiple=True,
    help="Mật khẩu trong /etc/credstore hay /etc/credstore.encrypted, ví dụ motcua.mailbox.",
)
@click.option("--replace", is_flag=True, help="Thay tệp dịch vụ đang có nếu khác (bản cũ được giữ).")
@click.option("--print", "only_print", is_flag=True, help="Chỉ in ra, không ghi.")
@click.option(
    "--dir",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Thư mục của systemd (mặc định: /etc/systemd/system).",
)
@click.pass_obj
def service_install(
    home: Path,
    name: str,
    console: bool,
    credentials: tuple[str, ...],
    replace: bool,
    only_print: bool,
    folder: Path | None,
) -> None:
    """Write the unit."""
    from daemon.office import service as office_service

    if only_print:
        program = office_service.program()
        click.echo(office_service.unit(home, program, name, console=console, credentials=credentials), nl=False)
        for line in office_service.notes(home, name, console=console, credentials=credentials):
            click.echo(f"LƯU Ý: {line}", err=True)
        return
    for line in office_service.install(
        home,
        name,
        folder or office_service.FOLDER,
        console=console,
        credentials=credentials,
        replace=replace,
    ):
        click.echo(line)


COMMANDS: tuple[click.Command, ...] = (setup, backup, restore, person, service)
