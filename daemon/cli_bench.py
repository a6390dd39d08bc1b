"""The commands that measure and move: ``motcua bench`` and ``motcua migrate-to``."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from daemon.cli_options import office
from daemon.cli_words import Command, Group


def _print(figures: dict[str, Any]) -> None:
    click.echo(json.dumps(figures))


@click.group(
    cls=Group,
    invoke_without_command=True,
    help="Đo tốc độ và kích cỡ bằng chính chương trình, cạnh một mốc so sánh; dòng cuối là JSON. Không nêu phép đo nào thì"
    " đo lần lượt tất cả, trừ scans (cần tệp) và scale (lâu, cần vài GB đĩa).",
)
@click.option("--quick", is_flag=True, hidden=True)
@click.pass_context
def bench(ctx: click.Context, quick: bool) -> None:
    """Run one bench, or all that need neither files nor minutes."""
    if ctx.invoked_subcommand is None:
        _all(ctx.obj, quick)


def _all(home: Path, quick: bool) -> None:
    """Run the benches one after the other and print each one's figures when it has them, then all of them."""
    from daemon.bench.documents import documents
    from daemon.bench.ingest import ingest
    from daemon.bench.latency import latency
    from daemon.bench.lookups import lookups
    from daemon.bench.size import size

    benches: dict[str, Callable[[], dict[str, Any]]] = {
        "ingest": lambda: ingest(home, None, *((5, 1) if quick else (1000, 3))),
        "documents": lambda: documents(home, 0.02 if quick else 1.5),
        "lookups": lambda: lookups(home, *((200, 40) if quick else (200_000, 5_000))),
        "latency": lambda: latency(home, 1 if quick else 30),
        "size": lambda: size(home, 0.2 if quick else 20.0)[0],
    }
    click.echo("Đo lần lượt: " + ", ".join(benches) + ". Đo riêng: motcua bench scans PATH…, motcua bench scale.")
    figures = {}
    for name, measure in benches.items():
        figures[name] = measure()
        click.echo(f"{name}: {json.dumps(figures[name])}")
    _print(figures)


@bench.command(cls=Command, help="Tiếp nhận thư (bền vững), cạnh mốc: phân tích thư và một giao dịch mỗi thư.")
@click.option(
    "--mails", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Thư mục tệp .eml."
)
@click.option("--count", type=int, default=1000, hidden=True)
@click.option("--turns", type=int, default=3, hidden=True)
@click.pass_obj
def ingest(home: Path, mails: Path | None, count: int, turns: int) -> None:
    """Measure taking in."""
    from daemon.bench.ingest import ingest as measure

    _print(measure(home, mails, count, turns))


@bench.command(cls=Command, help="Lập văn bản Word, cạnh docxtpl.")
@click.option("--seconds", type=float, default=1.5, hidden=True)
@click.pass_obj
def documents(home: Path, seconds: float) -> None:
    """Measure documents."""
    from daemon.bench.documents import documents as measure

    _print(measure(home, seconds))


@bench.command(cls=Command, help="Tra cứu khách hàng và lịch ngừng điện với 200.000 khách hàng, 5.000 lần ngừng điện.")
@click.option("--sizes", type=(int, int), default=(200_000, 5_000), hidden=True)
@click.pass_obj
def lookups(home: Path, sizes: tuple[int, int]) -> None:
    """Measure looking up."""
    from daemon.bench.lookups import lookups as measure

    _print(measure(home, *sizes))


@bench.command(cls=Command, help="Đọc bản quét, cạnh OCRmyPDF nếu có cài.")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.pass_obj
def scans(home: Path, paths: tuple[Path, ...]) -> None:
    """Measure the reading of scans."""
    from daemon.bench.scans import scans as measure

    figures, lines = measure(home, paths)
    for line in lines:
        click.echo(line)
    _print(figures)


@bench.command(cls=Command, help="Chi phí một thư, một lượt nhìn, một lần tìm khi có rất nhiều phiếu (vài phút).")
@click.option("--sizes", type=(int, int, int), default=(1_000, 100_000, 1_000_000), hidden=True)
@click.option("--times", type=(int, int), default=(60, 200), hidden=True)
@click.pass_obj
def scale(home: Path, sizes: tuple[int, int, int], times: tuple[int, int]) -> None:
    """Measure how cost grows with the office."""
    from daemon.bench.scale import scale as measure

    _print(measure(home, *sizes, *times))


@bench.command(cls=Command, help="Từ lúc thư nằm trong hộp thư đến lúc phiếu yêu cầu đã gửi.")
@click.option("--count", type=int, default=30, hidden=True)
@click.pass_obj
def latency(home: Path, count: int) -> None:
    """Measure the wait of a mail."""
    from daemon.bench.latency import latency as measure

    _print(measure(home, count))


@bench.command(cls=Command, help="Bộ nhớ khi rảnh, thời gian hiện trợ giúp, thời gian sẵn sàng.")
@click.option("--seconds", type=float, default=20.0, hidden=True)
@click.pass_obj
def size(home: Path, seconds: float) -> None:
    """Measure the size of the program."""
    from daemon.bench.size import size as measure

    figures, lines = measure(home, seconds)
    for line in lines:
        click.echo(line)
    _print(figures)


@click.command("migrate-to", cls=Command, help="Chuyển dữ liệu của phòng sang cơ sở dữ liệu khác, có đối chiếu.")
@click.argument("url", metavar="URL")
@click.pass_obj
def migrate_to(home: Path, url: str) -> None:
    """Move to another database."""
    from daemon.office.moving import migrate_to as move

    for line in move(office(home), url):
        click.echo(line)


COMMANDS = (bench, migrate_to)
