"""The commands of whoever keeps the office running: backup and restore, personal data, set-up, the system's service."""

from pathlib import Path

import click

from daemon.cli_options import by_option, office
from daemon.cli_words import Command


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


COMMANDS: tuple[click.Command, ...] = (backup, restore)
