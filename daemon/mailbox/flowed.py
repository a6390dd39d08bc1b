"""Text of format=flowed (RFC 3676) back to whole paragraphs. Touches nothing else."""


def unflow(text: str, *, delsp: bool = False) -> str:
    """Join flowed lines of one quote depth, undo space-stuffing; quoted lines keep ``> `` marks.

    A line of the writer's own that begins with ``>`` was stuffed with a blank by the client; it keeps that blank, so
    that a measured value (`` > 220 V``) is not taken for a quotation.
    """
    out: list[str] = []
    joining: list[str] | None = None
    joined_depth = 0
    for line in text.split("\n"):
        depth, content = _split(line)
        flows = content.endswith(" ") and content != "-- "
        piece = content[:-1] if flows and delsp else content
        if joining is not None and depth == joined_depth and content != "-- ":
            joining.append(piece)
        else:
            _finish(out, joining, joined_depth)
            joining, joined_depth = [piece], depth
        if not flows:
            _finish(out, joining, joined_depth)
            joining = None
    _finish(out, joining, joined_depth)
    return "\n".join(out)


def _split(line: str) -> tuple[int, str]:
    bare = line.lstrip(">")
    depth = len(line) - len(bare)
    return depth, bare.removeprefix(" ")


def _finish(out: list[str], joining: list[str] | None, depth: int) -> None:
    if joining is None:
        return
    content = "".join(joining)
    if depth:
        out.append(">" * depth + (f" {content}" if content else ""))
    else:
        out.append(f" {content}" if content.startswith(">") else content)
