"""config/reply-words.toml as a value: the words by which units' answers, parts of answers and questions are told apart."""

import tomllib
from pathlib import Path
from typing import Any

from daemon.desk.rules import ANSWER_KINDS, AnswerWords
from daemon.desk.trouble import Refused

_KEYS = ("kinds", "rule_share", "answer_from", "words")


def load_reply_words(path: Path) -> AnswerWords:
    """Return the weights of a TOML file; none where there is no such file, then the rules decide alone.

    Raises ``Refused`` with every error of the file.
    """
    if not path.exists():
        return AnswerWords()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(f"{path.name}: không đọc được ({error}). Hãy sửa tệp rồi chạy lại.") from error
    errors = _errors(table)
    if errors:
        raise Refused("\n".join(f"{path.name}: {one}" for one in errors) + "\nHãy sửa các dòng trên rồi chạy lại.")
    weights = {word: tuple(map(float, row)) for word, row in table["words"].items()}
    usual = AnswerWords()
    return AnswerWords(
        weights,
        float(table.get("rule_share", usual.rule_share)),
        float(table.get("answer_from", usual.answer_from)),
    )


def _errors(table: dict[str, Any]) -> list[str]:
    errors = [f"{key}: khóa lạ" for key in table if key not in _KEYS]
    if table.get("kinds") != list(ANSWER_KINDS):
        errors.append(f"kinds: phải là {list(ANSWER_KINDS)}")
    for key, most in (("rule_share", 10), ("answer_from", 1)):
        if key in table and not (_is_number(table[key]) and 0 <= table[key] <= most):
            errors.append(f"{key}: phải là số từ 0 đến {most}")
    words = table.get("words")
    if not isinstance(words, dict):
        return [*errors, "words: phải là một bảng"]
    wrong = [word for word, row in words.items() if not _is_row(row)]
    if wrong:
        errors.append(f"words: mỗi từ cần {len(ANSWER_KINDS)} số (xem {', '.join(wrong[:3])})")
    return errors


def _is_row(row: object) -> bool:
    return isinstance(row, list) and len(row) == len(ANSWER_KINDS) and all(map(_is_number, row))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
