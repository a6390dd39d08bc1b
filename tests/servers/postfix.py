"""A real Postfix on the loopback that delivers every mail into one Maildir a recipient; login through Dovecot."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.servers.dovecot import make_certificate
from tests.servers.ports import free_port, until_open

_MAIN = """
compatibility_level = 3.6
queue_directory = {base}/queue
data_directory = {base}/data
maillog_file = {base}/maillog
maillog_file_prefixes = /tmp
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.dienluc.example
mydestination =
mynetworks =
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = static:all
virtual_mailbox_maps = inline:{{ {{ khong-co@nha.example = }} }} static:all/
virtual_mailbox_base = {base}/mail
virtual_transport = virtual
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
virtual_mailbox_limit = 0
message_size_limit = 1000000
smtpd_tls_cert_file = {base}/cert.pem
smtpd_tls_key_file = {base}/key.pem
smtpd_tls_security_level = may
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_tls_auth_only = no
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access inline:{{ {{ khong-co@nha.example = 550 5.1.1 khong co hop thu nay }}, {{ cham@nha.example = 450 4.2.0 thu lai sau }} }}, permit_sasl_authenticated, reject
smtpd_error_sleep_time = 0
"""
_MASTER = """
{port} inet n - n - - smtpd
{tls} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def available() -> bool:
    """Say whether Postfix is here and this user may start it."""
    return shutil.which("postfix") is not None and os.geteuid() == 0


class Postfix:
    """One server; ``port`` (STARTTLS) and ``tls`` are its ports. ``sasl_port`` is Dovecot's login service."""

    def __init__(self, sasl_port: int) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="postfix-", dir="/tmp"))
        self.base.chmod(0o755)
        self.port, self.tls = free_port(), free_port()
        make_certificate(self.base)
        self.ca_file = self.base / "cert.pem"
        mail = pwd.getpwnam("mail")
        for name, owner in (("queue", "root"), ("data", "postfix"), ("mail", "mail")):
            (self.base / name).mkdir(mode=0o755)
            shutil.chown(self.base / name, owner)
        config = self.base / "etc"
        config.mkdir()
        (config / "main.cf").write_text(_MAIN.format(base=self.base, uid=mail.pw_uid, gid=mail.pw_gid, sasl=sasl_port))
        (config / "master.cf").write_text(_MASTER.format(port=self.port, tls=self.tls))
        self._config = config
        self._run("start")
        until_open(self.port)

    def _run(self, what: str) -> None:
        done = subprocess.run(["postfix", "-c", str(self._config), what], capture_output=True, text=True)
        if done.returncode and what == "start":
            log = self.base / "maillog"
            raise RuntimeError(done.stdout + done.stderr + (log.read_text() if log.exists() else ""))

    def delivered(self, wanted: int = 1, seconds: float = 10.0) -> list[bytes]:
        """Return the mails delivered so far, waiting until there are as many as wanted."""
        end = time.monotonic() + seconds
        while True:
            paths = [path for path in (self.base / "mail").rglob("*") if path.is_file() and path.parent.name == "new"]
            if len(paths) >= wanted or time.monotonic() > end:
                return [path.read_bytes() for path in sorted(paths)]
            time.sleep(0.05)

    def settle(self) -> None:
        """Wait until nothing is in the queue any more."""
        for _ in range(200):
            if not any(
                p.is_file()
                for part in ("incoming", "active", "maildrop")
                for p in (self.base / "queue" / part).rglob("*")
            ):
                return
            time.sleep(0.02)

    def forget(self) -> None:
        """Remove what was delivered."""
        self.settle()
        for path in (self.base / "mail").iterdir():
            shutil.rmtree(path)

    def close(self) -> None:
        """Stop and remove everything."""
        self._run("abort")  # nothing here is worth a slow goodbye
        shutil.rmtree(self.base, ignore_errors=True)
