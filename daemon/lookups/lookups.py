"""The look-ups as the office uses them: take exports in, find customers and outages, answer questions that are sure."""

import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from daemon.desk.calendar import VIETNAM
from daemon.desk.place import Place
from daemon.desk.question import CustomerRow, Looked, LookupAnswer, Outage, Question
from daemon.desk.sources import LookupMappings
from daemon.desk.tariff import Tariffs
from daemon.desk.tariff import answer as cost
from daemon.desk.ticket import Category
from daemon.desk.trouble import Refused
from daemon.lookups import grid, hints
from daemon.lookups.area import Gazetteer, Meets
from daemon.lookups.cells import as_code, as_phones
from daemon.lookups.database import Database, Version
from daemon.lookups.exports import ImportReport, take
from daemon.lookups.planned import Planned, where_of

_UNFINISHED = (".part", ".tmp", ".crdownload", ".partial", ".download")


class Lookups:
    """Everything that can be looked up without asking anybody.

    ``home`` is the working folder; ``clock`` tells desk time. A file younger than ``settle`` seconds of real time is left
    for the next look: it may still be copied.
    """

    def __init__(
        self,
        home: Path,
        mappings: LookupMappings,
        tariffs: Tariffs,
        clock: Callable[[], dt.datetime],
        places: Iterable[Place] = (),
        settle: float = 2.0,
    ) -> None:
        self.inbox = home / "inbox" / "du-lieu"
        self.to_check = home / "inbox" / "can-xem"
        self.mappings, self.tariffs, self.clock, self.settle = mappings, tariffs, clock, settle
        self.database = Database(home / "var" / "lookups.db")
        self.gazetteer = Gazetteer(places)
        self._worker: ThreadPoolExecutor | None = None
        self._running: Future[list[ImportReport]] | None = None
        self._one_at_a_time = threading.Lock()
        self._stuck: dict[tuple[str, int], ImportReport] = {}
        self.planned = Planned(self.database, mappings, self.gazetteer, clock)

    def close(self) -> None:
        """Wait for an export in hand and let go of the cache file."""
        if self._worker is not None:
            self._worker.shutdown(wait=True)
            self._worker = None
        self.database.close()

    # --- exports ----------------------------------------------------------------------------------------------------

    def take_exports(self, wait: bool = True) -> list[ImportReport]:
        """Take in every export that lies in ``inbox/du-lieu/``, oldest first; each ends in ``da-nap`` or ``can-xem``.

        200,000 customers take seconds as CSV, some twenty as XLSX. With ``wait`` False the work is done in another thread,
        questions are answered from the version before, and the reports come with a later call.
        """
        if wait:
            return self._finished() + self._take_all()
        reports = self._finished()
        if self._running is None and self._lying():
            self._worker = self._worker or ThreadPoolExecutor(1, thread_name_prefix="exports")
            self._running = self._worker.submit(self._take_all)
        return reports

    def _finished(self) -> list[ImportReport]:
        """Return the reports of the other thread if it is done; what it raised is raised here."""
        running = self._running
        if running is None or not running.done():
            return []
        self._running = None
        return running.result()

    def _take_all(self) -> list[ImportReport]:
        with self._one_at_a_time:
            lying = self._lying()
            if not lying:
                return []
            # A connection of its own: readers go on with the version before until the new one is whole.
            with contextlib.closing(Database(self.database.path)) as database:
                return [report for path in lying if (report := self._take(path, database))]

    def _lying(self) -> list[Path]:
        now = time.time()
        found = []
        for path in self.inbox.iterdir() if self.inbox.is_dir() else ():
            unfinished = path.name.startswith((".", "~$")) or path.suffix.lower() in _UNFINISHED
            with contextlib.suppress(FileNotFoundError):
                made = path.stat().st_mtime
                if not unfinished and path.is_file() and now - made >= self.settle:
                    found.append((made, path.name, path))
        return [path for _, _, path in sorted(found)]

    def _take(self, path: Path, database: Database) -> ImportReport | None:
        try:
            stamp = (path.name, path.stat().st_mtime_ns)
        except FileNotFoundError:
            # Somebody took it away again since the folder was listed.
            return None
        try:
            report = self._stuck.get(stamp) or take(path, self.mappings, database, self.clock())
        except Refused as error:
            return self._set_aside(path, str(error))
        except PermissionError:
            return _locked(path, "chưa nạp được")
        try:
            moved = self._move(path, self.inbox / "da-nap")
        except PermissionError:
            # Loaded, but somebody has it open: it must not be loaded again at every look.
            first = stamp not in self._stuck
            self._stuck[stamp] = report
            return _locked(path, "đã nạp nhưng chưa chuyển được sang da-nap") if first else None
        self._stuck.pop(stamp, None)
        if report.bad_count:
            self._note(path.name, _say_bad(report))
        return replace(report, moved_to=moved)

    def _set_aside(self, path: Path, reason: str) -> ImportReport:
        moved = self._move(path, self.to_check)
        self._note(moved.name, reason)
        return ImportReport(path.name, None, 0, (), 0, None, reason, moved)

    def _move(self, path: Path, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / path.name
        number = 1
        while target.exists():
            number += 1
            target = folder / f"{path.stem}-{number}{path.suffix}"
        return path.rename(target)

    def _note(self, name: str, text: str) -> None:
        self.to_check.mkdir(parents=True, exist_ok=True)
        # Notepad needs the mark to show Vietnamese, and its own line ends.
        with (self.to_check / f"{name}.txt").open("w", encoding="utf-8-sig", newline="\r\n") as note:
            note.write(text.rstrip() + "\n")

    # --- looking up -------------------------------------------------------------------------------------------------

    def versions(self) -> tuple[Version, ...]:
        """Return what is loaded: each source's file, date, good and bad rows, and the time it covers."""
        return self.database.versions()

    def warnings(self) -> list[str]:
        """Return in Vietnamese which sources are missing, old or have bad rows, for ``check`` and ``status``."""
        found = {version.source: version for version in self.versions()}
        lines = []
        for source in self.mappings.sources:
            version = found.get(source.id)
            if version is None:
                lines.append(f"Chưa có bản xuất «{source.title}»: thả tệp vào inbox/du-lieu/ nếu phòng dùng nguồn này.")
            elif self.clock() - version.as_of > source.max_age:
                lines.append(
                    f"Bản xuất «{source.title}» đã cũ (cập nhật {version.as_of:%H:%M %d/%m/%Y}): hãy xuất bản mới."
                )
            elif version.bad:
                lines.append(
                    f"Bản xuất «{source.title}» ({version.file}) có {version.bad} dòng hỏng, xem inbox/can-xem/."
                )
        return lines

    def customer(self, code: str | None = None, phone: str | None = None) -> CustomerRow | None:
        """Return the customer of a code, else the only one of a phone number; None where unknown or not the only one."""
        if code:
            return next(iter(self.database.customers(code=as_code(code))), None)
        numbers = as_phones(phone) if phone else ()
        found = self.database.customers(phone=numbers[0]) if numbers else ()
        return found[0] if len(found) == 1 else None

    def forget(self, code: str | None = None, phone: str | None = None) -> int:
        """Delete a person's rows from the cache; returns how many. The exports in ``da-nap`` are files of the office."""
        codes = [as_code(code)] if code else []
        codes += [row.code for number in as_phones(phone or "") for row in self.database.customers(phone=number)]
        return self.database.forget(codes)

    def outages(
        self,
        start: dt.datetime,
        end: dt.datetime,
        places: Iterable[str] = (),
        address: str | None = None,
        substation: str | None = None,
        customer_code: str | None = None,
        unit: str | None = None,
    ) -> tuple[Outage, ...]:
        """Return the rows that surely touch a place and a time, in order of their start."""
        question = Question(
            Category.OUTAGE_INFO,
            start,
            address=address,
            places=tuple(places),
            unit=unit,
            customer_code=customer_code,
            substation=substation,
        )
        where = where_of(question, self.customer(code=customer_code), self.gazetteer)
        rated = self.planned.rows(where, (start, end)) if where.known else []
        return tuple(outage for how, outage in rated if how is Meets.YES)

    def sharing(
        self, substations: Iterable[str] = (), feeders: Iterable[str] = (), without: str | None = None
    ) -> int | None:
        """Return how many customers share a substation or feeder, ``without`` one customer code.

        None where no customer list is loaded or it knows none of these names. A few milliseconds with 200,000 customers.
        """
        own = self.customer(code=without) if without else None
        return grid.sharing(self.database.connection, substations, feeders, own)

    def unit_of_grid(self, substation: str = "", feeder: str = "") -> str | None:
        """Return the only unit that a substation, else a feeder, belongs to; None where unknown or not the only one."""
        return grid.unit_of(self.database.connection, substation, feeder)

    def mentioned(self, text: str) -> tuple[grid.Mention, ...]:
        """Return the substations and feeders that a text names and the customer list or plan knows."""
        return grid.mentioned(self.database.connection, text)

    def answer(self, question: Question) -> LookupAnswer | None:
        """Return a sure answer for the customer, or None; ``look`` also tells why not."""
        return self.look(question).answer

    def look(self, question: Question) -> Looked:
        """Return a sure answer for the customer, or None and notes for the agent."""
        if question.category is Category.RECONNECTION_COST:
            return self._cost(question)
        if question.category is not Category.OUTAGE_INFO:
            return Looked(None, ("Loại yêu cầu này không trả lời được bằng tra cứu.",))
        customer = self.customer(code=question.customer_code)
        looked = self.planned.answer(question, customer)
        if question.customer_code and customer is None and self.database.versions("customers"):
            return Looked(
                looked.answer, (*looked.notes, f"Mã {question.customer_code} không có trong danh sách khách hàng.")
            )
        return looked

    def _cost(self, question: Question) -> Looked:
        day = question.at.astimezone(VIETNAM).date()
        household, kv = hints.household_of(question), hints.voltage_of(question)
        found = cost(self.tariffs, day, household, kv, question.km, question.region)
        if found is None:
            return Looked(
                None, (f"Không có biểu chi phí nào áp dụng cho ngày {day:%d/%m/%Y} trong config/tariffs.toml.",)
            )
        notes = [f"Chưa biết {' và '.join(found.missing)}."] if found.missing else []
        if not found.tariff.confirmed:
            notes.append(f"Biểu theo {found.tariff.basis} chưa được phòng xác nhận còn hiệu lực (config/tariffs.toml).")
        if not found.sure:
            return Looked(None, (*notes, f"Nội dung có thể dùng khi đã rõ: {found.text}"))
        as_of = dt.datetime.combine(found.tariff.checked, dt.time(0), VIETNAM)
        source = f"{found.tariff.basis}, đối chiếu ngày {found.tariff.checked:%d/%m/%Y}"
        assumed = () if household is False or hints.use_said(question) else (_ASSUMED[household],)
        return Looked(LookupAnswer(found.text, source, as_of, notes=tuple(notes), assumed=assumed), tuple(notes))


_ASSUMED = {
    True: (
        "Khách không ghi dùng điện vào mục đích gì; dự thảo tính theo mức sinh hoạt, cấp điện áp thấp nhất, vì khách nói về "
        "nhà mình. Xem mục đích, cấp điện áp (CMIS, hỏi khách) trước khi duyệt; khác thì ghi câu trả lời đúng."
    ),
    None: (
        "Khách không ghi dùng điện vào mục đích gì; dự thảo nêu cả mức sinh hoạt và mức của mục đích khác. "
        "Xem mục đích (CMIS, hỏi khách) trước khi duyệt; biết rõ thì sửa còn một mức."
    ),
}


def _locked(path: Path, state: str) -> ImportReport:
    message = f"{path.name}: {state}, tệp đang được chương trình khác mở hoặc không có quyền; sẽ thử lại. Hãy đóng tệp."
    return ImportReport(path.name, None, 0, (), 0, None, message)


def _say_bad(report: ImportReport) -> str:
    lines = [report.message, "Tệp gốc đã chuyển vào inbox/du-lieu/da-nap/. Các dòng sau chưa được dùng:"]
    lines += [f"- dòng {row.line}: {row.reason}" for row in report.bad]
    if report.bad_count > len(report.bad):
        lines.append(f"- và {report.bad_count - len(report.bad)} dòng khác.")
    return "\n".join([*lines, "Hãy sửa trong chương trình nguồn rồi xuất lại vào inbox/du-lieu/."])
