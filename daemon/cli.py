"""The `motcua` command: thin. It reads arguments, calls the office, prints; every wish is a function of the office.

Exit codes: 0 done, 1 a defect, 2 wrong use or configuration, 3 done but something waits for a person, 4 try again later.
"""

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from daemon import __version__
from daemon.cli_bench import COMMANDS as BENCH
from daemon.cli_changing import COMMANDS as CHANGING
from daemon.cli_console import COMMANDS as CONSOLE
from daemon.cli_keeping import COMMANDS as KEEPING
from daemon.cli_options import by_option, json_option, own_folder
from daemon.cli_options import office as _office
from daemon.cli_words import Group, complaint
from daemon.desk.trouble import NeedsPerson, Refused, TryLater


@click.group(
    cls=Group,
    help="motcua: bàn giao dịch khách hàng. Nhận yêu cầu, gửi phiếu hỏi đơn vị, theo dõi hạn, soạn trả lời, giữ sổ.",
)
@click.option(
    "--home",
    metavar="DIR",
    envvar="MOTCUA_HOME",
    default=".",
    help="Thư mục làm việc (mặc định: MOTCUA_HOME hoặc thư mục hiện tại).",
)
@click.version_option(__version__, message="motcua %(version)s", help="Hiện phiên bản.")
@click.pass_context
def cli(ctx: click.Context, home: str) -> None:
    """Hold the working folder for the command that follows."""
    ctx.obj = Path(home).expanduser().resolve()


def _say(line: str) -> None:
    """Print a line and push it out at once, into a pipe as well."""
    click.echo(line)
    sys.stdout.flush()


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=None))


# -- the working folder ------------------------------------------------------------------------------------------------
@cli.command(help="Tạo thư mục làm việc với cấu hình và mẫu có sẵn để sửa tay (motcua setup tạo và hỏi luôn).")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make a working folder from the installed package."""
    from daemon.office.founding import found

    for line in found(folder):
        click.echo(line)


@cli.command(help="Trình diễn ba ngày rưỡi làm việc của một phòng trong khoảng một phút, trong một thư mục riêng.")
@click.option(
    "--dir",
    "folder",
    metavar="DIR",
    default="demo",
    type=click.Path(path_type=Path),
    help="Thư mục mới để chơi (mặc định: demo).",
)
def demo(folder: Path) -> None:
    """Play the demo."""
    from daemon.demo.player import play_demo

    play_demo(folder.expanduser().resolve(), _say)


@cli.command(help="Kiểm tra cấu hình, mẫu văn bản, cơ sở dữ liệu; --live thử cả hộp thư.")
@click.option("--live", is_flag=True, help="Kết nối thử hộp thư.")
@click.pass_obj
def check(home: Path, live: bool) -> int:
    """Name every error at once."""
    from daemon.office.checking import check_all, lines

    own_folder(home)
    found = check_all(home, live)
    _print(lines(found))
    return 2 if found.errors else 0


@cli.command(help="Chạy: xem hộp thư và thư mục inbox, làm mọi việc đến hạn.")
@click.option("--once", is_flag=True, help="Làm hết việc đang chờ rồi dừng.")
@click.option("--only", metavar="KIND,…", default="", help="Chỉ làm các loại việc này (ví dụ read_scan).")
@click.option("--console", is_flag=True, help="Mở cả trang web của phòng.")
@click.pass_obj
def run(home: Path, once: bool, only: str, console: bool) -> int:
    """Run the loop."""
    from daemon.office.logs import start_log
    from daemon.office.performing import LEASES
    from daemon.running import beside_another, run_forever, run_once

    if once and console:
        raise Refused("--console không đi cùng --once: chạy xong là dừng, trang web không kịp mở. Bỏ một trong hai.")
    kinds = tuple(kind for kind in only.split(",") if kind)
    if wrong := [kind for kind in kinds if kind not in LEASES]:
        raise Refused(f"Không có loại việc {', '.join(wrong)}. Các loại: {', '.join(LEASES)}")
    parts = _office(home)
    start_log(home, "-".join(("motcua", *kinds)))  # a process beside the first one has a file of its own
    if not kinds:
        _tell_of_mailbox(parts)
        if other := beside_another(parts):
            click.echo(other, err=True)
    if once:
        return run_once(parts, kinds)
    code = run_forever(parts, kinds, lambda: click.echo("motcua đang chạy; dừng bằng Ctrl-C."), console)
    click.echo("Đã dừng.")
    return code


def _tell_of_mailbox(parts: Any) -> None:
    """Say at once what is wrong with the mailbox's settings: the desk works on without mails, and rings later."""
    try:
        assert parts.mailbox is not None
    except Refused as trouble:
        click.echo(str(trouble), err=True)
    except TryLater:
        return


@cli.command(help="Tình trạng: phiếu, thư chưa xếp, việc chờ, cảnh báo.")
@json_option
@click.pass_obj
def status(home: Path, as_json: bool) -> int:
    """Show the state of the office."""
    from daemon.office import health, showing

    parts = _office(home)
    state, daemon = health.gather(parts), health.running(home)
    if gone := health.missing(daemon, parts.settings.file.zone):
        state["problems"].append(gone)
    if as_json:
        _print_json({**state, "daemon": daemon})
    else:
        _print(showing.status_lines(state))
        _print(health.lines(state, daemon))
    return 3 if health.waits(state) else 0


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


# -- looking -----------------------------------------------------------------------------------------------------------
@cli.command(help="Danh sách phiếu.")
@click.option("--late", is_flag=True, help="Chỉ phiếu quá hạn.")
@click.option("--waiting", is_flag=True, help="Chỉ phiếu đang chờ đơn vị.")
@click.option("--review", is_flag=True, help="Chỉ phiếu cần người xem hoặc duyệt.")
@click.option("--unit", metavar="U", help="Chỉ phiếu của một đơn vị.")
@click.option("--text", metavar="WORDS", default="", help="Tìm theo chữ, không cần dấu.")
@json_option
@click.pass_obj
def tickets(home: Path, late: bool, waiting: bool, review: bool, unit: str | None, text: str, as_json: bool) -> None:
    """List tickets."""
    from daemon.office import listing, showing

    parts = _office(home)
    found = listing.listed(parts, late=late, waiting=waiting, review=review, unit=unit, words=text)
    if as_json:
        _print_json([showing.as_json(parts, ticket) for ticket in found])
    else:
        _print(showing.lines(parts, found))


@cli.command(help="Một phiếu với toàn bộ diễn biến.")
@click.argument("number", metavar="NUMBER")
@json_option
@click.pass_obj
def show(home: Path, number: str, as_json: bool) -> None:
    """Show one ticket."""
    from daemon.office import listing, showing

    parts = _office(home)
    ticket = listing.one(parts, number)
    if as_json:
        _print_json(showing.as_json(parts, ticket))
    else:
        _print(showing.page(parts, ticket))


@cli.command(help="Từng dòng: mỗi hạn của phiếu được tính ra sao.")
@click.argument("number", metavar="NUMBER")
@click.pass_obj
def explain(home: Path, number: str) -> None:
    """Explain a ticket's deadlines."""
    from daemon.office import listing, showing

    parts = _office(home)
    _print(showing.explain(parts, listing.one(parts, number)))


@cli.command(help="Thư chưa biết thuộc phiếu nào.")
@json_option
@click.pass_obj
def unplaced(home: Path, as_json: bool) -> None:
    """List unplaced mails."""
    from daemon.office import listing

    _show_items(listing.items(_office(home), "unplaced"), as_json)


@cli.command("set-aside", help="Thư, tệp, việc đang để riêng, với lý do và lệnh làm lại.")
@click.option(
    "--seen", multiple=True, metavar="ID", help="Đã xem thư, tệp này: bỏ khỏi danh sách (ghi được nhiều lần)."
)
@by_option
@json_option
@click.pass_obj
def set_aside(home: Path, seen: tuple[str, ...], by: str, as_json: bool) -> None:
    """List what was set aside, or take from the list what was seen."""
    from daemon.office import aside, listing

    parts = _office(home)
    if seen:
        _print(f"Đã bỏ khỏi danh sách: {aside.seen(parts, name, by)}" for name in seen)
        return
    _show_items([*listing.items(parts, "set_aside"), *listing.effects(parts)], as_json)


def _show_items(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        _print_json(rows)
        return
    if not rows:
        click.echo("Không có gì.")
    for row in rows:
        click.echo(f"{row['id']} · {row['what']} · {row['reason']} · {row['retry']}")


# -- documents ---------------------------------------------------------------------------------------------------------
@cli.command(help="Lập báo cáo cho một cấp lãnh đạo: phong, cong-ty, tong-cong-ty.")
@click.argument("level", metavar="LEVEL")
@click.option("--from", "since", metavar="D", help="Từ ngày.")
@click.option("--to", "until", metavar="D", help="Đến hết ngày.")
@click.pass_obj
def report(home: Path, level: str, since: str | None, until: str | None) -> None:
    """Make a report."""
    from daemon.office.reporting import report_on_demand

    click.echo(report_on_demand(_office(home), level, since, until))


@cli.command(help="Ghi sổ theo dõi ra Excel.")
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path), help="Tệp (mặc định: outbox/so-theo-doi-<năm>.xlsx)."
)
@click.option("--year", type=int, help="Năm (mặc định: năm nay).")
@click.pass_obj
def ledger(home: Path, out: Path | None, year: int | None) -> None:
    """Write the ledger."""
    from daemon.office.keeping import write_year

    parts = _office(home)
    chosen = year or parts.clock.now().year
    path = out or parts.outbox / f"so-theo-doi-{chosen}.xlsx"
    write_year(parts, chosen, path)
    click.echo(str(path))


# -- reading without changing anything ---------------------------------------------------------------------------------
@cli.group(cls=Group, help="Đọc thử: chương trình hiểu gì, mỗi dòng một đối tượng JSON; không thay đổi gì.")
def read() -> None:
    """Hold the dry runs."""


@read.command("requests", help="Yêu cầu của khách hàng (JSON Lines).")
@click.argument("file", metavar="FILE.jsonl", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def read_requests(home: Path, file: Path) -> None:
    """Read requests."""
    from daemon.dry.requests import requests

    _print_lines(requests(file, home))


@read.command("replies", help="Thư trả lời của đơn vị (*.eml, context.jsonl, units.json).")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_obj
def read_replies(home: Path, folder: Path) -> None:
    """Read replies."""
    from daemon.dry.replies import replies

    _print_lines(replies(folder, home))


@read.command("scans", help="Phiếu và đơn đã quét (tệp hoặc thư mục).")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.pass_obj
def read_scans(home: Path, paths: tuple[Path, ...]) -> None:
    """Read scans."""
    from daemon.dry.scans import scans

    _print_lines(scans(paths, home))


@read.command("deadlines", help="Tính hạn (JSON Lines) với bảng ngày nghỉ DAYS.json.")
@click.argument("file", metavar="FILE.jsonl", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--days",
    metavar="DAYS.json",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Bảng ngày.",
)
def read_deadlines(file: Path, days: Path) -> None:
    """Compute deadlines."""
    from daemon.dry.deadlines import deadlines

    _print_lines(deadlines(file, days))


def _print_lines(rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False))


for command in (*CHANGING, *KEEPING, *CONSOLE, *BENCH):
    cli.add_command(command)


# -- the way in --------------------------------------------------------------------------------------------------------
def main(args: list[str] | None = None) -> None:
    """Run the command line and exit with the contract's codes."""
    if os.name == "nt" or (sys.stdout.encoding or "").lower() not in ("utf-8", "utf8"):
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8")
    sys.exit(_guarded(args))


def _guarded(args: list[str] | None) -> int:
    try:
        return cli.main(args, prog_name="motcua", standalone_mode=False) or 0
    except click.UsageError as error:
        return _complain(complaint(error), 2)
    except (click.Abort, KeyboardInterrupt):
        return _complain("Đã dừng.", 2)
    except click.ClickException as error:
        return _complain(error.format_message(), 2)
    except Refused as trouble:
        return _complain(str(trouble), 2)
    except NeedsPerson as trouble:
        return _complain(str(trouble), 3)
    except TryLater as trouble:
        return _complain(str(trouble), 4)
    except PermissionError as problem:
        return _complain(
            f"{problem.filename}: không có quyền. Chạy bằng người dùng của tệp ấy, hoặc nhờ quản trị sửa quyền.", 2
        )
    except BrokenPipeError:
        sys.stdout = None
        return 0
    except Exception as defect:  # noqa: BLE001 - the last net: a defect is told and has its own exit code
        return _complain(_defect(defect), 1)


def _complain(text: str, code: int) -> int:
    click.echo(text, err=True)
    return code


def _defect(defect: Exception) -> str:
    import traceback

    where = "".join(traceback.format_exception(defect)).rstrip()
    return f"{where}\nLỗi của chương trình ({type(defect).__name__}: {defect}). Gửi các dòng trên cho người phụ trách motcua; dữ liệu không bị mất."
