"""The command line's own words in Vietnamese: help headings and complaints about wrong use. Knows no command."""

from collections.abc import Iterable
from typing import Any

import click

_HEADINGS = {"Usage": "Cách dùng", "Options": "Tùy chọn", "Commands": "Lệnh", "Arguments": "Tham số"}


class Formatter(click.HelpFormatter):
    """Help with Vietnamese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line of use."""
        super().write_usage(prog, args, prefix or "Cách dùng: ")

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        super().write_heading(_HEADINGS.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write options or commands with what they are for."""
        said = [(name, text.replace("[required]", "[bắt buộc]")) for name, text in rows]
        super().write_dl(said, col_max, col_spacing)


class Context(click.Context):
    """A context whose help is Vietnamese and wide enough for whole sentences."""

    formatter_class = Formatter

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_content_width", 110)
        kwargs.setdefault("terminal_width", 110)
        super().__init__(*args, **kwargs)


class Command(click.Command):
    """A command whose help is Vietnamese."""

    context_class = Context

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", "[TÙY CHỌN]")
        super().__init__(*args, **kwargs)

    def get_short_help_str(self, limit: int = 90) -> str:
        """Return the help in one line."""
        return super().get_short_help_str(90)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the help option with Vietnamese words."""
        return _help(super().get_help_option(ctx))


class Group(click.Group):
    """A group of commands whose help is Vietnamese."""

    context_class = Context
    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", "[TÙY CHỌN]")
        kwargs.setdefault("subcommand_metavar", "LỆNH …")
        super().__init__(*args, **kwargs)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the help option with Vietnamese words."""
        return _help(super().get_help_option(ctx))


Group.group_class = Group


def _help(option: Any) -> Any:
    if option is not None:
        option.help = "Hiện trợ giúp này."
    return option


def complaint(error: click.UsageError) -> str:
    """Return what is wrong with the use of a command, and how to see its help."""
    path = error.ctx.command_path if error.ctx else "motcua"
    return f"{_reason(error)}\nXem: {path} --help"


def _reason(error: click.UsageError) -> str:
    if isinstance(error, click.MissingParameter):
        name = error.param.make_metavar(error.ctx) if error.param and error.ctx else (error.param_hint or "")
        return f"Thiếu tham số {error.param.opts[0] if isinstance(error.param, click.Option) else name}."
    if isinstance(error, click.NoSuchOption):
        return f"Không có tùy chọn {error.option_name}."
    if isinstance(error, click.BadParameter):
        name = error.param.opts[0] if error.param else ""
        if isinstance(error.param and error.param.type, click.Choice):
            return f"{name}: giá trị không hợp lệ, cần một trong: {', '.join(str(each) for each in error.param.type.choices)}"  # type: ignore[union-attr]
        return f"{name}: giá trị không hợp lệ ({error.message})"
    if error.message.startswith("No such command"):
        return f"Không có lệnh {error.message.split(chr(39))[1]}."
    if error.message.startswith("Missing command"):
        return "Thiếu tên lệnh."
    if error.message.startswith("Got unexpected extra argument"):
        return "Thừa tham số: " + error.message.partition("(")[2].rstrip(")")
    return error.message
