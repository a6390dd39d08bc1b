"""How much memory it takes to take in 60 mails of 1 MB that lie in the mailbox together, on every kind of mailbox.

Run it as ``python tools/bench_mailbox_memory.py [--kinds maildir imap ews graph] [--mails N] [--most MB]``; the last line
is JSON. Each kind has its real server (Dovecot with Postfix) or the test server, and a ``motcua run`` of its own: idle
is the resident memory after one request went its whole way, the peak is what the kernel noted (VmHWM) from the moment
the mails lay there until the process was quiet again. Ends with 1 where the peak lies more than ``--most`` above idle.
"""

import argparse
import base64
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from daemon.bench.home import running  # noqa: E402
from daemon.bench.mails import sure_mail  # noqa: E402
from daemon.bench.size import cpu_seconds, memory_mb  # noqa: E402
from tests.contract.houses import HOUSES, House, Servers  # noqa: E402
from tests.contract.offices import settle_in  # noqa: E402

QUIET = 4.0  # seconds without work that end a measurement
PHOTO_BYTES = 730_000  # one megabyte in base64


def main() -> int:
    """Measure the kinds asked for; say 1 where one needs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", nargs="+", default=list(HOUSES), choices=list(HOUSES))
    parser.add_argument("--mails", type=int, default=60)
    parser.add_argument("--most", type=float, default=40.0, metavar="MB")
    asked = parser.parse_args()
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "localhost,127.0.0.1"
    servers, figures = Servers(), {}
    try:
        for kind in asked.kinds:
            figures[kind] = measure(kind, servers, asked.mails)
            print(f"{kind:8} " + "  ".join(f"{name} {value:6.1f}" for name, value in figures[kind].items()), flush=True)
    finally:
        servers.close()
    print(json.dumps(figures))
    return int(any(each["above_mb"] > asked.most for each in figures.values()))


def measure(kind: str, servers: Servers, count: int) -> dict[str, float]:
    """Return ``idle_mb``, ``peak_mb``, ``above_mb`` and ``after_mb`` (quiet again) of one kind of mailbox."""
    chance = random.Random(5)
    with tempfile.TemporaryDirectory(prefix="motcua-memory-") as folder:
        house = HOUSES[kind](Path(folder), servers)
        try:
            home = settle_in(Path(folder) / "office", house, max_bytes=40_000_000)
            with running(home) as process:
                house.arrive(sure_mail(chance, 1))
                until_taken(process, house, 1)
                idle = memory_mb(process.pid)
                lay_down(process, house, [with_photo(chance, number) for number in range(2, count + 2)])
                until_taken(process, house, count + 1)
                peak, after = peak_mb(process.pid), memory_mb(process.pid)
        finally:
            house.close()
    figures = {"idle_mb": idle, "peak_mb": peak, "above_mb": peak - idle, "after_mb": after}
    return {name: round(value, 1) for name, value in figures.items()}


def with_photo(chance: random.Random, number: int) -> bytes:
    """Return a request with a photograph that does not compress: a megabyte in all."""
    plain = sure_mail(chance, number)
    head, _, body = plain.partition(b"\n\n")
    photo = base64.encodebytes(b"\xff\xd8\xff\xe0" + chance.randbytes(PHOTO_BYTES))
    kept: list[bytes] = []
    within: list[bytes] = []
    for line in head.split(b"\n"):
        (within if line.lower().startswith(b"content-") else kept).append(line)
    parts = (
        b"\n".join([*kept, b'Content-Type: multipart/mixed; boundary="=photo="', b"", b"--=photo="]),
        b"\n".join([*within, b"", body]),
        b'--=photo=\nContent-Type: image/jpeg; name="cong-to.jpg"\nContent-Transfer-Encoding: base64',
        b'Content-Disposition: attachment; filename="cong-to.jpg"\n',
        photo + b"--=photo=--\n",
    )
    return b"\n".join(parts).replace(b"\n", b"\r\n")


def lay_down(process: "subprocess.Popen[bytes]", house: House, mails: list[bytes]) -> None:
    """Let all mails arrive before the program sees the first, and begin its peak anew."""
    os.kill(process.pid, signal.SIGSTOP)
    try:
        for raw in mails:
            house.arrive(raw)
        Path(f"/proc/{process.pid}/clear_refs").write_text("5", "ascii")
    finally:
        os.kill(process.pid, signal.SIGCONT)


def until_taken(process: "subprocess.Popen[bytes]", house: House, count: int) -> None:
    """Wait until the process is quiet, and see that it has taken in what it should."""
    end, used, since = time.monotonic() + 300, -1.0, time.monotonic()
    while time.monotonic() < end:
        time.sleep(0.5)
        now = cpu_seconds(process.pid)
        if now - used > 0.05:
            used, since = now, time.monotonic()
        elif time.monotonic() - since > QUIET and len(house.taken()) == count:
            return
    raise TimeoutError(f"{len(house.taken())} of {count} mails taken in")


def peak_mb(pid: int) -> float:
    """Return the most resident memory since the peak was begun anew, in megabytes of a million bytes (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return int(next(each for each in lines if each.startswith("VmHWM:")).split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    sys.exit(main())
