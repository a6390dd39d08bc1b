"""Compute config/reply-words.toml, the weights of words by which answers of units, parts of answers and questions back are told apart.

Run from the repository's root: ``python -m tools.train_reply_words``. The examples are texts of replies under
tests/reading (never replies_held_out.tsv). The rules of daemon/reading/words.py count as they stand; the words learn
what the rules miss. The same examples give the same file. ``--judge`` trains on four fifths and judges the last, five
times over, and says how often each kind is right; nothing is written.
"""

import json
import random
import sys
import tomllib
from collections import Counter
from pathlib import Path

from daemon.desk.rules import ANSWER_KINDS, AnswerWords
from daemon.reading.verdict import features, judge, prior
from tools.train_request_words import Example, train, weight_lines

ROOT = Path(__file__).parents[1]
READING = ROOT / "tests" / "reading"
LINES = ("cases/replies.tsv", "cases/replies_judged.tsv")
TABLES = ("cases_replies/texts.toml", "cases_replies/kinds.toml", "cases_replies/kinds_more.toml")
ROUNDS, SHRINK, LEAST, FOLDS = 25, 0.004, 0.15, 5
TARGET = ROOT / "config" / "reply-words.toml"


def main(arguments: list[str]) -> int:
    """Train on all examples and write the file, or judge by turns."""
    told = [*read_lines(LINES), *read_tables(TABLES)]
    if arguments == ["--judge"]:
        sys.stdout.write(judged_by_turns(told))
        return 0
    trained = train_on(told)
    TARGET.write_text(as_toml(trained), encoding="utf-8")
    sys.stdout.write(f"{TARGET.name}: {len(trained.words)} words of {len(told)} texts\n")
    return 0


def read_lines(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return kinds and texts of tab-separated files; ``\\n`` in a text is a line's end."""
    rows = [row.split("\t") for name in names for row in (READING / name).read_text(encoding="utf-8").splitlines()]
    return [(kind, text.replace("\\n", "\n")) for kind, text in rows]


def read_tables(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return kinds and texts of tables with a list of texts for each kind."""
    tables = [tomllib.loads((READING / name).read_text(encoding="utf-8")) for name in names]
    return [(kind, text) for table in tables for kind in ANSWER_KINDS for text in table.get(kind, ())]


def train_on(told: list[tuple[str, str]]) -> AnswerWords:
    """Return the shipped settings with weights trained on these texts."""
    bare = AnswerWords()
    data = [Example(features(text), prior(text, bare), ANSWER_KINDS.index(kind)) for kind, text in told]
    weights = train(data, ROUNDS, SHRINK, LEAST)
    return AnswerWords({name: tuple(row) for name, row in weights.items()})


def judged_by_turns(told: list[tuple[str, str]]) -> str:
    """Return how often each kind is right, judged by weights that never saw the text."""
    order = list(range(len(told)))
    random.Random(7).shuffle(order)
    pairs: Counter[tuple[str, str]] = Counter()
    for turn in range(FOLDS):
        unseen = set(order[turn::FOLDS])
        trained = train_on([told[number] for number in order if number not in unseen])
        pairs.update((told[number][0], judge(told[number][1], trained).kind) for number in sorted(unseen))
    right = sum(count for (want, got), count in pairs.items() if want == got)
    wrong = "".join(f"  {want} -> {got}: {count}\n" for (want, got), count in sorted(pairs.items()) if want != got)
    return f"right: {right} of {len(told)} ({right / len(told):.3f})\n{wrong}"


def as_toml(trained: AnswerWords) -> str:
    """Return the file's text: the settings, then one word a line, numbers in the order of the kinds."""
    lines = [
        "# Phân biệt thư đơn vị trả lời xong (answer), trả lời một phần (partial), hỏi lại (question).",
        "# Do tools/train_reply_words.py tính từ các câu mẫu trong tests/reading/cases/replies.tsv. Đừng sửa [words] bằng tay:",
        "# thêm câu mẫu rồi chạy lại. Mỗi dòng: từ = điểm cho answer, partial, question. ^ từ đủ dấu, < từ đầu câu, $ từ ở câu cuối,",
        "# > từ cuối thư, # số, % phần (11/14 trạm) hay đủ. Xóa tệp này thì chương trình chỉ xét theo quy tắc.",
        f"kinds = {json.dumps(list(ANSWER_KINDS))}",
        f"rule_share = {trained.rule_share}                         # phần điểm của quy tắc bên cạnh trọng số từ",
        f"answer_from = {trained.answer_from}                        # độ tin từ mức này mới coi là trả lời xong; dưới nữa để người xem",
        "",
        "[words]",
    ]
    return "\n".join(lines + weight_lines({name: list(row) for name, row in trained.words.items()})) + "\n"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
