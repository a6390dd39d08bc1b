"""Engines that read one line of writing: AsterOCR and PP-OCRv6 through onnxruntime, Tesseract through tesserocr.

Each is optional; ``load`` says in Vietnamese what is missing and how to get it. An engine only reads: repairing and
deciding is done elsewhere. AsterOCR's own package is not imported, for it carries a trainer and a web service; only its
model file is used, and only if it is the one whose behaviour was measured.
"""

import hashlib
import importlib
import importlib.util
import json
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from daemon import extras
from daemon.scans.engines import ASTER, PADDLE, TESSERACT
from daemon.scans.picture import Grey

_ASTER_SHA256 = "10c96b533e1f64031d73edfddafd7d4b13595544f11891f0531bcd72cb29be80"
_PADDLE_MODEL = "PP-OCRv6_rec_small.onnx"
_LATIN = (
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .,-_@/:;()+'\""
    "àáâãèéêìíòóôõùúýăđĩũơưÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯ"
)


@dataclass(frozen=True, slots=True)
class Line:
    """What an engine read on one line, and the probability (0 to 1) of its least certain character."""

    text: str
    confidence: float


class Recogniser(Protocol):
    """An engine for single lines."""

    name: str

    def read(self, crops: Sequence[Grey]) -> list[Line]:
        """Return one ``Line`` a crop, in order; an unreadable crop gives an empty text."""


def _session(model: Path) -> Any:
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # on Windows, where the environment says nothing to it
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def collapse(best: NDArray[np.int64], sure: NDArray[np.float32], chars: Sequence[str]) -> Line:
    """Return the text of a CTC path: repeats collapsed, blanks (class 0) dropped; each character as sure as its peak."""
    text: list[str] = []
    peaks: list[float] = []
    previous = 0
    for index, chance in zip(best.tolist(), sure.tolist(), strict=True):
        if index == previous:
            if index:
                peaks[-1] = max(peaks[-1], chance)
        elif index:
            text.append(chars[index])
            peaks.append(chance)
        previous = index
    stripped = "".join(text).strip()
    return Line(stripped, float(min(peaks)) if peaks and stripped else 0.0)


class Aster:
    """AsterOCR's line model: Vietnamese with all tone marks, typed and handwritten. Input 32 px high."""

    name = ASTER

    def __init__(self, folder: Path) -> None:
        """Load the model of an installed ``asterocr``; raises ``ValueError`` if it is not the measured one."""
        model = folder / "assets" / "asternet.onnx"
        if hashlib.sha256(model.read_bytes()).hexdigest() != _ASTER_SHA256:
            raise ValueError("the model file is not the one of asterocr 1.0.2")
        self._chars = json.loads((folder / "assets" / "vocab.json").read_text("utf-8"))["chars"]
        self._session = _session(model)

    def read(self, crops: Sequence[Grey]) -> list[Line]:
        """Read each crop by itself: lines of unlike length would only pad each other."""
        return [self._one(crop) for crop in crops]

    def _one(self, crop: Grey) -> Line:
        height, width = crop.shape
        wide = min(1024, max(32, -(-int(width * 32 / height) // 4) * 4))
        small = cv2.resize(crop, (wide, 32), interpolation=cv2.INTER_AREA if height > 32 else cv2.INTER_CUBIC)
        pixels = np.repeat((small.astype(np.float32) / 127.5 - 1.0)[None, None], 3, axis=1)
        logs = self._session.run(None, {"images": pixels})[0][:, 0, :]
        best = logs.argmax(axis=1)
        return collapse(best, np.exp(logs[np.arange(len(best)), best]), self._chars)


class Paddle:
    """PP-OCRv6's line model from the rapidocr package: digits and Latin letters, no Vietnamese tones. Input 48 px high."""

    name = PADDLE

    def __init__(self, model: Path) -> None:
        """Load the model; only Latin characters of its dictionary are ever answered."""
        self._session = _session(model)
        known = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        chars = ["", *known, " "]
        wanted = set(_LATIN)
        self._kept = np.array([0, *(n for n, char in enumerate(chars) if n and char in wanted)])
        self._chars = [chars[n] for n in self._kept]

    def read(self, crops: Sequence[Grey]) -> list[Line]:
        """Read each crop by itself."""
        return [self._one(crop) for crop in crops]

    def _one(self, crop: Grey) -> Line:
        height, width = crop.shape
        wide = max(16, min(3200, round(width * 48 / height)))
        small = cv2.resize(crop, (wide, 48), interpolation=cv2.INTER_LINEAR)
        pixels = np.zeros((1, 3, 48, max(320, wide)), np.float32)
        pixels[0, :, :, :wide] = small.astype(np.float32) / 127.5 - 1.0
        chances = self._session.run(None, {"x": pixels})[0][0][:, self._kept]
        best = chances.argmax(axis=1)
        return collapse(best, chances[np.arange(len(best)), best], self._chars)


class Tesseract:
    """Tesseract with Vietnamese data, one line at a time (page segmentation mode 7)."""

    name = TESSERACT

    def __init__(self, data: Path) -> None:
        """Open Tesseract on the folder that holds ``vie.traineddata``."""
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")
        tesserocr: Any = importlib.import_module("tesserocr")
        self.data = data
        self._api = tesserocr.PyTessBaseAPI(path=str(data), lang="vie", psm=tesserocr.PSM.SINGLE_LINE)
        self._api.SetVariable("debug_file", os.devnull)

    def read(self, crops: Sequence[Grey]) -> list[Line]:
        """Read each crop with white air around it, as Tesseract wants it."""
        from PIL import Image

        found = []
        for crop in crops:
            aired = cv2.copyMakeBorder(crop, 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=255)
            self._api.SetImage(Image.fromarray(np.asarray(aired)))
            text = " ".join(self._api.GetUTF8Text().split())
            words = self._api.AllWordConfidences()
            found.append(Line(text, min(words) / 100 if words and text else 0.0))
        return found


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines at hand by name, and one Vietnamese sentence for each that is missing."""

    by_name: dict[str, Recogniser]
    missing: tuple[str, ...] = ()

    def get(self, name: str) -> Recogniser | None:
        """Return an engine, None if it is missing."""
        return self.by_name.get(name)


def load(wanted: Iterable[str] = (ASTER, PADDLE, TESSERACT), data: Path | None = None) -> Engines:
    """Load what is installed of the engines wanted; never raises for one that is missing or broken."""
    makers: dict[str, Callable[[], Recogniser | str]] = {
        ASTER: _aster,
        PADDLE: _paddle,
        TESSERACT: lambda: _tesseract(data),
    }
    found: dict[str, Recogniser] = {}
    missing: list[str] = []
    for name in wanted:
        engine = makers[name]()
        if isinstance(engine, str):
            missing.append(engine)
        else:
            found[name] = engine
    return Engines(found, tuple(missing))


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _aster() -> Recogniser | str:
    say = f"Thiếu bộ đọc chữ viết AsterOCR, họ tên và địa chỉ viết tay phải gõ lại; cài bằng: {extras.command('handwriting')}"
    folder = _package("asterocr")
    if folder is None or _package("onnxruntime") is None:
        return say
    with suppress(Exception):  # whatever a broken installation raises: the engine counts as missing
        return Aster(folder)
    return say.replace("Thiếu", "Không dùng được")


def _paddle() -> Recogniser | str:
    say = (
        f"Thiếu bộ đọc số PP-OCRv6, mã khách hàng và số điện thoại phải kiểm tra lại; cài bằng: {extras.command('ocr')}"
    )
    folder = _package("rapidocr")
    if folder is None or _package("onnxruntime") is None:
        return say
    with suppress(Exception):  # whatever a broken installation raises: the engine counts as missing
        return Paddle(folder / "models" / _PADDLE_MODEL)
    return say.replace("Thiếu", "Không dùng được")


def _tesseract(data: Path | None) -> Recogniser | str:
    if _package("tesserocr") is None:
        return f"Thiếu bộ đọc trang tesserocr, đơn viết tự do phải gõ lại; cài bằng: {extras.command('ocr')}"
    folder = data or find_tessdata()
    if folder is None:
        return "Thiếu dữ liệu tiếng Việt của Tesseract (vie.traineddata); cài bằng: apt install tesseract-ocr-vie"
    with suppress(Exception):  # as above
        return Tesseract(folder)
    return f"Tesseract không mở được dữ liệu ở {folder}; cài lại bằng: apt install --reinstall tesseract-ocr-vie"


def find_tessdata() -> Path | None:
    """Return the folder with ``vie.traineddata``: TESSDATA_PREFIX, beside this module, or where systems put it."""
    places = []
    if os.environ.get("TESSDATA_PREFIX"):
        prefix = Path(os.environ["TESSDATA_PREFIX"])
        places += [prefix, prefix / "tessdata"]
    places.append(Path(__file__).parent / "tessdata")
    places += sorted(Path("/usr/share/tesseract-ocr").glob("*/tessdata"), reverse=True)
    places += [Path("/usr/share/tessdata"), Path("/usr/local/share/tessdata"), Path("/opt/homebrew/share/tessdata")]
    return next((place for place in places if (place / "vie.traineddata").is_file()), None)
