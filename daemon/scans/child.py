"""Reading in a process of its own, with limits: what a broken or hostile file does there, it does to nobody else.

``ReadingChild`` is the parent's end: it starts ``python -m daemon.scans.child`` when a file comes, keeps it for the next
one, and turns a hang, a crash or a hunger for memory into a reason for that one file. Both talk in lines of JSON; the
child reads only the file it is told and writes only pictures of cells into the folder it is told.
"""

import contextlib
import json
import queue
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon import extras
from daemon.beside import Beside
from daemon.bounded import Wishes, allow_cpu, limit, private_output
from daemon.desk.form import FormLayout, ScannedDocument
from daemon.desk.trouble import Refused
from daemon.scans.raw import SeenPage, from_json, layout_from_json, layout_to_json, to_json

_ONE_THREAD = dict.fromkeys(("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reading may cost: memory of the child, CPU and wall seconds a page, wall seconds a file, idle seconds."""

    memory_mb: int = 1800
    page_cpu_seconds: int = 40
    page_seconds: float = 90.0
    file_seconds: float = 1800.0
    start_seconds: float = 60.0
    idle_seconds: float = 45.0


class ReadingChild:
    """The parent's end. Not for several threads at once; ``close`` (or ``with``) ends the child."""

    def __init__(
        self,
        layouts: Sequence[FormLayout],
        bounds: Bounds | None = None,
        tessdata: Path | None = None,
        command: Sequence[str] = (sys.executable, "-m", "daemon.scans.child"),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._layouts = tuple(layouts)
        self._bounds = bounds or Bounds()
        self._tessdata = tessdata
        self._command = tuple(command)
        self._clock = clock
        self._child: Beside | None = None
        self.missing: tuple[str, ...] = ()

    def __enter__(self) -> "ReadingChild":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Say whether a child is there now."""
        return self._child is not None and self._child.alive

    def pages(self, path: Path, crops: Path | None = None) -> Iterator[SeenPage]:
        """Yield what is seen on each page of a file; pictures of cells go into ``crops``, which must exist.

        Raises ``Refused`` with the reason where the file cannot be read or reading it broke the limits.
        """
        wanted = {"path": str(path.absolute()), "crops": str(crops.absolute()) if crops else None}
        deadline = self._clock() + self._bounds.file_seconds
        first = self._first_answer(path.name, wanted)
        while "page" in first:
            yield from_json(first["page"])
            if self._clock() > deadline:
                self._end()
                raise Refused(f"{path.name}: đọc lâu quá {self._bounds.file_seconds:.0f} giây; {_SPLIT}")
            first = self._answer(path.name)
        if "refused" in first:
            raise Refused(str(first["refused"]))
        if "failed" in first:
            raise Refused(f"{path.name}: bộ đọc bản quét gặp lỗi với tệp này ({first['failed']}); {_AGAIN}")

    def _first_answer(self, name: str, wanted: dict[str, Any]) -> dict[str, Any]:
        """Send the wish and return the first answer; a child that went to sleep meanwhile is started anew once."""
        fresh = not self.alive
        child = self._ensure()
        try:
            child.send(wanted)
            return self._answer(name)
        except (_Gone, OSError) as error:
            self._end()
            if fresh:
                raise self._died(name) from error
        child = self._ensure()
        try:
            child.send(wanted)
            return self._answer(name)
        except (_Gone, OSError) as error:
            self._end()
            raise self._died(name) from error

    def _died(self, name: str) -> Refused:
        return Refused(
            f"{name}: bộ đọc bản quét dừng đột ngột khi đọc tệp này (tệp hỏng hoặc cần quá {self._bounds.memory_mb} MB bộ nhớ);"
            f" {_AGAIN}"
        )

    def _answer(self, name: str) -> dict[str, Any]:
        child = self._child
        if child is None:
            raise _Gone(str(self._died(name)))
        try:
            line = child.line(self._bounds.page_seconds)
        except queue.Empty:
            self._end()
            raise Refused(
                f"{name}: đọc một trang lâu quá {self._bounds.page_seconds:.0f} giây nên đã dừng; {_AGAIN}"
            ) from None
        if line is None:
            child.wait(5)
            self._end()
            raise _Gone(str(self._died(name)))
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _ensure(self) -> Beside:
        if self._child is not None and self._child.alive:
            return self._child
        self._end()
        child = self._child = Beside(self._command, _ONE_THREAD)
        bounds = self._bounds
        wish = {
            "layouts": [layout_to_json(layout) for layout in self._layouts],
            "tessdata": str(self._tessdata) if self._tessdata else None,
            "memory_mb": bounds.memory_mb,
            "page_cpu_seconds": bounds.page_cpu_seconds,
            "idle_seconds": bounds.idle_seconds,
        }
        with contextlib.suppress(OSError):  # it ended before it read this: its missing greeting is told below
            child.send(wish)
        self.missing = tuple(self._hello(child).get("missing", ()))
        return child

    def _hello(self, child: Beside) -> dict[str, Any]:
        try:
            line = child.line(self._bounds.start_seconds)
        except queue.Empty:
            line = None
        if line is None:
            self._end()
            raise Refused(
                f"Bộ đọc bản quét không khởi động được; hãy cài đủ thành phần: {extras.command('ocr', 'handwriting')}"
            )
        hello: dict[str, Any] = json.loads(line)
        if "refused" in hello:
            self._end()
            raise Refused(str(hello["refused"]))
        return hello

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def close(self) -> None:
        """End the child."""
        self._end()


class _Gone(Refused):
    """The child ended without an answer."""


_AGAIN = "hãy quét lại thành PDF hoặc JPEG ở 300 dpi, hoặc nhập yêu cầu bằng tay"
_SPLIT = "hãy tách thành nhiều tệp nhỏ hơn"


def read_file(
    child: ReadingChild,
    path: Path,
    crops: Path | None,
    settle: Callable[[Iterator[SeenPage]], tuple[ScannedDocument, ...]],
) -> tuple[ScannedDocument, ...]:
    """Return the documents of a file read in the child; ``settle`` puts pages together. Raises ``Refused``."""
    documents = settle(child.pages(path, crops))
    if not documents:
        raise Refused(f"{path.name}: mọi trang đều trắng; hãy xem lại mặt giấy đã đặt vào máy quét")
    return documents


# ---- the child's end


def main() -> None:
    """Answer the parent's wishes until it is gone or silent."""
    out = private_output()

    def say(answer: dict[str, Any]) -> None:
        out.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")

    wishes = Wishes(60.0)
    start = json.loads(wishes.next() or b"null")
    if start is None:
        return
    limit(start["memory_mb"], file_bytes=200_000_000)
    allow_cpu(start["page_cpu_seconds"])
    try:
        from daemon.scans import look, recognise
    except ImportError as error:
        say(
            {
                "refused": f"Thiếu thành phần đọc bản quét ({error.name}); cài bằng: {extras.command('ocr', 'handwriting')}"
            }
        )
        return
    engines = recognise.load(data=Path(start["tessdata"]) if start["tessdata"] else None)
    layouts = tuple(layout_from_json(layout) for layout in start["layouts"])
    say({"ready": True, "missing": engines.missing})
    wishes.idle_seconds = start["idle_seconds"]
    for line in wishes:
        wish = json.loads(line)
        crops = Path(wish["crops"]) if wish["crops"] else None
        _carry_out(Path(wish["path"]), look.Sight(layouts, engines, crops), start["page_cpu_seconds"], say)


def _carry_out(path: Path, sight: Any, cpu_seconds: int, say: Callable[[dict[str, Any]], None]) -> None:
    from daemon.scans.look import look

    allow_cpu(cpu_seconds)
    try:
        for page in look(path, sight):
            say({"page": to_json(page)})
            allow_cpu(cpu_seconds)
    except Refused as error:
        say({"refused": str(error)})
    except MemoryError:
        say({"failed": "hết bộ nhớ cho phép"})
    except Exception as error:  # noqa: BLE001 - whatever a file does to a library is a fact about that file
        say({"failed": f"{type(error).__name__}: {error}"[:300]})
    else:
        say({"done": True})


if __name__ == "__main__":
    main()
