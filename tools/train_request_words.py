"""Compute config/reading-words.json, the weights of words by which requests are told apart, from written examples.

Run from the repository's root: ``python -m tools.train_request_words``. The examples are the cases and utterances
under tests/reading/cases (never held_out.jsonl). The cues of config/reading.toml count as they stand; the words learn what the
cues miss. The same examples give the same file: fixed order, fixed seed, plain arithmetic, no other package.
"""

import json
import math
import random
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from daemon.desk.rules import CATEGORIES, ReadingRules
from daemon.reading.kind import KindScale, cue_weights
from daemon.reading.places import Gazetteer
from daemon.reading.request import RequestReader
from daemon.reading.tokens import bounded, split
from daemon.reading.wordbag import BIAS, clipped, features, weigh
from daemon.settings.places import load_places
from daemon.settings.reading import load_reading

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "reading" / "cases"
EXAMPLES = ("dev.jsonl", "utterances.tsv")
ROUNDS, STEP, SHRINK, SEED, LEAST = 40, 0.4, 0.002, 1, 0.03


@dataclass(frozen=True)
class Example:
    """One example ready for learning: its features, what the cues give each category, its category's number."""

    found: dict[str, float]
    given: list[float]
    category: int


def main() -> int:
    """Train on all examples and write the file."""
    rules = untrained()
    weights = train(examples(rules, read_examples(EXAMPLES)))
    target = ROOT / "config" / "reading-words.json"
    target.write_text(as_json(weights), encoding="utf-8")
    sys.stdout.write(f"{target.name}: {len(weights)} words\n")
    return 0


def untrained() -> ReadingRules:
    """Return the shipped rules without word weights."""
    rules = load_reading(ROOT / "config" / "reading.toml")
    return replace(rules, kind=replace(rules.kind, words={}))


def read_examples(names: tuple[str, ...]) -> list[dict[str, str | None]]:
    """Return rows with category, channel, subject and text from JSON lines or tab-separated utterances."""
    rows: list[dict[str, str | None]] = []
    for name in names:
        for line in (CASES / name).read_text(encoding="utf-8").splitlines():
            if name.endswith(".tsv"):
                category, text = line.split("\t")
                rows.append({"category": category, "channel": "sms", "subject": None, "text": text})
            elif line.strip():
                rows.append(json.loads(line))
    return rows


def examples(rules: ReadingRules, rows: list[dict[str, str | None]]) -> list[Example]:
    """Turn rows into examples by the code that reads requests."""
    gazetteer = Gazetteer(load_places(ROOT / "config" / "places.toml"))
    reader = RequestReader(gazetteer, rules)
    scale = KindScale(rules.kind)
    out = []
    for row in rows:
        words, channel = split(bounded(row["text"] or "")), row["channel"] or "email"
        hits = gazetteer.find_words(words)
        names = reader.find_names(words, hits, channel)
        letter = reader.letter(split(row["subject"] or ""), words, channel, hits, names)
        cues = cue_weights(scale.find(letter), rules.kind)
        given = [rules.kind.cue_share * clipped(cues[name]) for name in CATEGORIES]
        bag = features((letter.subject.words, letter.text.words), letter.masked)
        out.append(Example(bag, given, CATEGORIES.index(row["category"] or "")))
    return out


def train(
    data: list[Example], rounds: int = ROUNDS, shrink: float = SHRINK, least: float = LEAST
) -> dict[str, list[float]]:
    """Return the weights of a multinomial log-linear model, shrunk towards zero, small ones dropped."""
    weights: dict[str, list[float]] = {}
    order, chance = list(range(len(data))), random.Random(SEED)
    for turn in range(rounds):
        chance.shuffle(order)
        step = STEP / (1 + 0.15 * turn)
        for index in order:
            _learn(weights, data[index], step, shrink)
    kept = {name: row for name, row in weights.items() if max(map(abs, row)) >= least or name == BIAS}
    return {name: [round(number, 3) for number in kept[name]] for name in sorted(kept)}


def _learn(weights: dict[str, list[float]], example: Example, step: float, shrink: float) -> None:
    sides = len(example.given)
    trained = weigh(example.found, weights, sides)
    total = [given + own for given, own in zip(example.given, trained, strict=True)]
    top = max(total)
    shares = [math.exp(number - top) for number in total]
    whole = sum(shares)
    errors = [share / whole - (side == example.category) for side, share in enumerate(shares)]
    for name, value in example.found.items():
        row = weights.setdefault(name, [0.0] * sides)
        for side, error in enumerate(errors):
            row[side] -= step * (error * value + shrink * row[side])


def as_json(weights: dict[str, list[float]]) -> str:
    """Return the file's text: one word a line, numbers in the order of the categories. JSON is read twenty times as quickly."""
    about = (
        "Trọng số từ để phân loại yêu cầu, do tools/train_request_words.py tính từ các câu mẫu. Đừng sửa tay: thêm câu mẫu "
        "vào tests/reading/cases rồi chạy lại. Mỗi dòng: từ (không dấu) và điểm cho từng loại theo thứ tự của categories."
    )
    words = ",\n".join(f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}" for name, row in weights.items())
    head = f'"about": {json.dumps(about, ensure_ascii=False)},\n"categories": {json.dumps(list(CATEGORIES))}'
    return f'{{\n{head},\n"words": {{\n{words}\n}}\n}}\n'


def weight_lines(weights: dict[str, list[float]]) -> list[str]:
    """Return the weights as lines of TOML."""
    return [f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(row)}" for name, row in weights.items()]


if __name__ == "__main__":
    raise SystemExit(main())
