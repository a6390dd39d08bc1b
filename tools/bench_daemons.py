"""How much quicker several daemons on one PostgreSQL carry out what waits: mails to a server that takes 100 ms for each.

Run it as ``python tools/bench_daemons.py [--tickets N] [--daemons 1 4]``; the last line is JSON. An office of its own is
made, its mails wait until all daemons are ready, then the mails that the server took are counted by the second.
"""

import argparse
import json
import os
import random
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from daemon.bench.home import deliver, environment, fresh_home  # noqa: E402
from daemon.bench.mails import sure_mail  # noqa: E402
from daemon.loop import Loop  # noqa: E402
from daemon.office.parts import open_office  # noqa: E402
from daemon.office.performing import LEASES  # noqa: E402
from daemon.store import models  # noqa: E402
from tests.servers.postgres import Server  # noqa: E402

HEAD_START = 8.0


class _Session(socketserver.StreamRequestHandler):
    """One SMTP session; the answer to the final dot comes late."""

    def handle(self) -> None:
        server = self.server
        assert isinstance(server, SlowSmtp)
        self._say(b"220 slow")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._say(b"354 go on")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                time.sleep(server.delay)
                server.taken.append(time.perf_counter())
                self._say(b"250 taken")
            elif verb == b"QUIT":
                self._say(b"221 bye")
                return
            else:
                self._say(b"250 well")

    def _say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")


class SlowSmtp(socketserver.ThreadingTCPServer):
    """An SMTP server that takes ``delay`` seconds for each mail, many at a time."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self, delay: float) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.delay = delay
        self.taken: list[float] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


def configure(home: Path, url: str, port: int) -> None:
    """Let the office use the database and the server."""
    desk = home / "config" / "desk.toml"
    text = (
        desk.read_text("utf-8").replace("sqlite:///var/motcua.db", url).replace("poll_seconds = 5", "poll_seconds = 1")
    )
    smtp = f'smtp_host = "127.0.0.1"\nsmtp_port = {port}\nsmtp_security = "none"\n'
    desk.write_text(text.replace("[mailbox.maildir]\n", "[mailbox.maildir]\n" + smtp, 1), "utf-8")


def rate(server: Server, daemons: int, tickets: int, delay: float) -> tuple[float, int]:
    """Return mails a second, and how many were sent."""
    with tempfile.TemporaryDirectory() as place, fresh_home(Path(place)) as home, SlowSmtp(delay) as smtp:
        configure(home, server.fresh(), smtp.server_address[1])
        for number in range(1, tickets + 1):
            deliver(home, sure_mail(random.Random(number), number))
        parts = open_office(home)
        loop = Loop(parts)
        loop.take_in(), loop.sort(), loop.decide()
        ready = Loop(parts, [kind for kind in LEASES if kind != "send_mail"])
        while ready.carry_out() + loop.decide():
            pass
        mails = models.Effect.kind == "send_mail"
        models.Effect.update(retry_at=parts.database.clock() + HEAD_START).where(mails).execute()
        waiting = models.Effect.select().where(mails).count()
        begin = time.perf_counter() + HEAD_START
        parts.close()
        with ExitStack() as stack:
            for _ in range(daemons):
                command = [sys.executable, "-m", "daemon", "--home", str(home), "run"]
                process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, env=environment()))
                stack.callback(process.terminate)
                assert process.stdout is not None
                process.stdout.readline()
            if time.perf_counter() > begin:
                raise TimeoutError("the daemons were not ready in time: measure again on a quieter machine")
            while len(smtp.taken) < waiting:
                time.sleep(0.05)
        if len(smtp.taken) != waiting:
            raise AssertionError(f"{len(smtp.taken)} mails for {waiting} wishes")
        return waiting / (smtp.taken[-1] - begin), waiting


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=60)
    parser.add_argument("--daemons", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--delay", type=float, default=0.1)
    given = parser.parse_args()
    server = Server()
    figures: dict[str, float] = {}
    try:
        for daemons in given.daemons:
            speed, mails = rate(server, daemons, given.tickets, given.delay)
            print(f"{daemons} daemons: {mails} mails, {speed:.1f} a second")
            figures[f"mails_per_s_{daemons}"] = round(speed, 2)
    finally:
        server.close()
    first, last = (figures[f"mails_per_s_{daemons}"] for daemons in (given.daemons[0], given.daemons[-1]))
    print(json.dumps({**figures, "ratio": round(last / first, 2), "cores": os.cpu_count()}))


if __name__ == "__main__":
    main()
