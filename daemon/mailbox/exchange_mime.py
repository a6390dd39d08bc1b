"""What Exchange does to a mail's bytes, and how it is put right: header fields put back, what a copy in Sent proves.

Shared by the back ends that speak to Exchange (EWS, Graph); knows neither of them.
"""

import email
import email.policy
import hashlib
from collections.abc import Iterable

from daemon.mailbox import envelope

Pairs = Iterable[tuple[str, str | None]]


def whole(raw: bytes, headers: Pairs, item_class: str) -> bytes:
    """Return the MIME with every header field that the server left out of it put in front.

    Servers write MIME anew and lose fields on the way (Auto-Submitted among them), while the item's headers are
    complete. A report (a bounce) whose fields are all lost is still marked as automatic.
    """
    there = {name for name, _ in envelope.fields(raw)}
    pairs = [(name, value) for name, value in headers if name.lower() not in there]
    marked = "auto-submitted" in there | {name.lower() for name, _ in pairs}
    if item_class.upper().startswith("REPORT.") and not marked:
        pairs.append(("Auto-Submitted", f"auto-generated ({item_class})"))
    return block(pairs) + raw


def block(pairs: Pairs) -> bytes:
    """Return header lines of (name, value) pairs, without the blank line that ends a header; odd names are left out."""
    lines = []
    for name, value in pairs:
        if name and name.isascii() and name.isprintable() and ":" not in name and " " not in name:
            lines.append(f"{name}: {' '.join((value or '').split())}\r\n")
    return "".join(lines).encode("utf-8", "replace")


def missing_in_copy(sent: bytes, copy: bytes) -> list[str]:
    """Return in Vietnamese what the copy lacks of the mail that we sent: recipients, attachments by their hash."""
    lacking = []
    for name in ("to", "cc"):
        gone = {a.lower() for a in envelope.addresses(sent, name)} - {a.lower() for a in envelope.addresses(copy, name)}
        lacking += [f"người nhận {address}" for address in sorted(gone)]
    there = set(_attachments(copy).values())
    lacking += [f"tệp {name}" for name, digest in _attachments(sent).items() if digest not in there]
    return lacking


def _attachments(raw: bytes) -> dict[str, str]:
    """Return the SHA-256 of each attached file by its name."""
    found = {}
    for number, part in enumerate(email.message_from_bytes(raw, policy=email.policy.compat32).walk()):
        name = part.get_filename()
        if name:
            content = part.get_payload(decode=True)
            body = content if isinstance(content, bytes) else b""
            found[f"{envelope.decoded(name.encode('utf-8', 'replace'))} ({number})"] = hashlib.sha256(body).hexdigest()
    return found
