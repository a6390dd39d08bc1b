"""A real Dovecot on the loopback: any user name with one password, an empty mailbox for each, TLS and plain."""

import http.server
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

from tests.servers.ports import free_port, until_open

PASSWORD = "mật-khẩu-đúng"
TOKEN = "the-right-token"

_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
mail_location = maildir:~/Maildir
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
first_valid_gid = 1
default_login_user = dovenull
default_internal_user = dovecot
ssl = yes
ssl_cert = <{base}/cert.pem
ssl_key = <{base}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
auth_username_chars =
auth_verbose = yes
mail_max_userip_connections = 100
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {base}/oauth2.conf.ext
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={base}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
  mailbox "Mục gửi riêng" {{
    special_use = \\Sent
  }}
}}
mail_fsync = never
service imap {{
  process_min_avail = 3
  service_count = 200
}}
service imap-login {{
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    address = 127.0.0.1
    port = {plain}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {sasl}
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


def available() -> bool:
    """Say whether Dovecot and openssl are here and this user may start them."""
    return bool(shutil.which("dovecot") and shutil.which("openssl")) and os.geteuid() == 0


class Dovecot:
    """One server; ``plain`` (with STARTTLS), ``tls`` and ``sasl`` are its ports, ``ca_file`` its own authority."""

    def __init__(self, separator: str = "/", prefix: str = "", more: str = "") -> None:
        self.base = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))
        self.base.chmod(0o755)
        (self.base / "mail").mkdir()
        shutil.chown(self.base / "mail", "mail", "mail")
        self.plain, self.tls, self.sasl = free_port(), free_port(), free_port()
        self.ca_file = self.base / "cert.pem"
        make_certificate(self.base)
        self._tokens = _token_server()
        self._config = self.base / "dovecot.conf"
        self._config.write_text(
            _CONFIG.format(
                base=self.base,
                plain=self.plain,
                tls=self.tls,
                sasl=self.sasl,
                password=PASSWORD,
                separator=separator,
                prefix=prefix,
            )
            + more
        )
        (self.base / "oauth2.conf.ext").write_text(
            f"tokeninfo_url = http://127.0.0.1:{self._tokens.server_port}/?access_token=\n"
            "username_attribute = username\nactive_attribute = active\nactive_value = true\n"
        )
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start the server and wait for its ports."""
        self._process = subprocess.Popen(
            ["dovecot", "-F", "-c", str(self._config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for port in (self.plain, self.tls, self.sasl):
            until_open(port)

    def stop(self) -> None:
        """Stop the server, its connections with it."""
        if self._process:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(20)
            self._process = None

    def kill_session(self, user: str) -> None:
        """Kill the processes that serve the user's connections, without a goodbye."""
        listed = subprocess.run(
            ["doveadm", "-c", str(self._config), "who", "-1"], capture_output=True, text=True, check=True
        )
        for line in listed.stdout.splitlines()[1:]:
            parts = line.split()
            if parts[0] == user:
                os.kill(int(parts[2]), signal.SIGKILL)

    def sessions(self, user: str) -> int:
        """Return how many connections the user has."""
        listed = subprocess.run(
            ["doveadm", "-c", str(self._config), "who", "-1"], capture_output=True, text=True, check=True
        )
        return sum(1 for line in listed.stdout.splitlines()[1:] if line.split()[0] == user)

    def log(self) -> str:
        """Return the server's log so far."""
        time.sleep(0.05)
        return (self.base / "log").read_text(errors="replace")

    def close(self) -> None:
        """Stop and remove everything."""
        self.stop()
        self._tokens.shutdown()
        self._tokens.server_close()
        shutil.rmtree(self.base, ignore_errors=True)


def make_certificate(folder: Path) -> None:
    """Write a self-signed certificate for localhost and 127.0.0.1 as ``cert.pem`` and ``key.pem``."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


def _token_server() -> http.server.ThreadingHTTPServer:
    """Answer Dovecot's question whose token it is: ``TOKEN:user`` belongs to the user."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query).get("access_token", [""])[0]
            word, _, user = given.partition(":")
            answer = {"username": user, "active": "true"} if word == TOKEN else {"error": "invalid_token"}
            body = json.dumps(answer).encode()
            self.send_response(200 if word == TOKEN else 401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
