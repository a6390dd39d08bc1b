"""Which sentences of a part of an answer only put off the rest: "kết quả đơn vị đang chờ, chiều nay gửi tiếp".

They are meant for the desk and untrue once the rest has come. Decides nothing: the text itself stays as it was written.
"""

from daemon.desk.text import as_written
from daemon.reading import words

_PLAINLY = 2  # of words.partial_score
_FACTS = 1  # one kind of fact is named by most promises: what is waited for, or when it comes


def put_off(text: str) -> tuple[str, ...]:
    """Return the sentences that promise or wait and tell nothing, as they are written; none where there are none."""
    return tuple(piece for piece in as_written(text) if _only_waits(piece))


def _only_waits(piece: str) -> bool:
    rows = words.sentences(piece)
    return words.partial_score(rows) >= _PLAINLY and words.answer_score(rows) <= _FACTS and not words.is_forecast(rows)
