"""``check --live`` for Exchange Online: what an administrator wants to see before and while the office works with it."""

import datetime as dt
import time
from collections.abc import Callable

from daemon.desk.trouble import Trouble
from daemon.mailbox import expiry, graph_items
from daemon.mailbox.base import Finding, NoEntry
from daemon.mailbox.clock import clock_finding, utc_now
from daemon.mailbox.graph_config import Config
from daemon.mailbox.graph_link import Answered, Link
from daemon.mailbox.graph_login import Tokens, claims, last_day
from daemon.mailbox.graph_writing import Writer
from daemon.mailbox.login import LoginFailed

_NEEDED = ("Mail.ReadWrite", "Mail.Send")
_HARMLESS = ("openid", "profile", "email", "offline_access", "User.Read")
_SHOWN = ("inbox", "drafts", "sentitems")


def entry(
    config: Config, link: Link, tokens: Tokens, tell: Callable[[str], None], taken_folder: Callable[[], str]
) -> list[Finding]:
    """Let a person sign in where one is needed, log in, and show the folders."""
    what = f"Hộp thư Exchange Online {link.address}"
    try:
        link.sign_in(tell)
        link.ask("GET", "/mailFolders/inbox?$select=id", knock=True)
        folders = [link.get(f"/mailFolders/{name}", select="displayName,totalItemCount") for name in _SHOWN]
        taken_folder()
    except Trouble as trouble:
        return [Finding(what, False, str(trouble))]
    shown = ", ".join(f"{each.get('displayName')} {each.get('totalItemCount')} thư" for each in folders)
    return [Finding(what, True, f"Đăng nhập được; các thư mục: {shown}; thư đã tiếp nhận vào: {config.taken_folder}.")]


def expiry_finding(config: Config, today: dt.date) -> Finding:
    """Say when the secret or the certificate expires, as far as it can be known."""
    if config.auth == "device":
        say = "Đăng nhập bằng mã của một người chỉ để dùng thử; để chạy lâu dài hãy dùng bí mật hoặc chứng chỉ."
        return Finding("Đăng nhập Exchange Online", True, say)
    what = "Chứng chỉ của ứng dụng" if config.auth == "certificate" else "Bí mật của ứng dụng"
    try:
        last = last_day(config)
    except ValueError as error:
        return Finding(what, False, str(error))
    return expiry.finding(what, last, today, config.warn_days, "hãy tạo cái mới trong Microsoft Entra")


def rights(config: Config, link: Link, tokens: Tokens) -> list[Finding]:
    """Show the rights that the token names, and prove that another mailbox stays shut."""
    findings = [_named(tokens)]
    if config.other_mailbox:
        findings.append(_shut(config.other_mailbox, link))
    return findings


def _named(tokens: Tokens) -> Finding:
    what = "Quyền của ứng dụng"
    try:
        said = claims(tokens.get())
    except (Trouble, LoginFailed) as trouble:
        return Finding(what, False, str(trouble))
    named = [str(each) for each in said.get("roles") or []] + str(said.get("scp") or "").split()
    if not named:
        # rights given by Exchange (RBAC for Applications) do not stand in the token
        return Finding(what, True, "Không ghi trong thẻ truy cập: được cấp trong Exchange, hoặc thẻ không cho đọc.")
    missing = [right for right in _NEEDED if not any(each.startswith(right) for each in named)]
    broad = [each for each in named if not each.startswith(_NEEDED) and each not in _HARMLESS]
    say = f"Thẻ ghi: {', '.join(sorted(named))}."
    if said.get("roles"):
        say += (
            " Quyền ghi trong thẻ có hiệu lực với mọi hộp thư, trừ khi có chính sách giới hạn; thử bằng other_mailbox."
        )
    if missing:
        say += f" Không thấy {', '.join(missing)}: chỉ đúng nếu quyền đó được cấp trong Exchange."
    if broad:
        say += f" Thừa so với nhu cầu: {', '.join(sorted(broad))}; hãy bỏ bớt."
    return Finding(what, True, say)


def _shut(address: str, link: Link) -> Finding:
    what = f"Hộp thư khác ({address})"
    try:
        link.elsewhere(address)
    except NoEntry:
        return Finding(what, True, "Ứng dụng không mở được, đúng như cần thiết.")
    except Answered as error:
        if error.status == 404:
            return Finding(what, False, "Không có hộp thư này nên chưa thử được; hãy sửa other_mailbox.")
        return Finding(what, False, str(error))
    except Trouble as trouble:
        return Finding(what, False, str(trouble))
    say = "Ứng dụng mở được hộp thư này! Quản trị hãy giới hạn ứng dụng vào một hộp thư (docs/mailbox-graph.md)."
    return Finding(what, False, say)


def draft(link: Link, writer: Writer) -> Finding:
    """Write a draft with our mark, find it by the mark, move it to Deleted Items; compare the clocks."""
    what, message_id = "Bản nháp", f"check.{time.time_ns()}@motcua.invalid"
    raw = f"Subject: motcua\r\nMessage-ID: <{message_id}>\r\n\r\n".encode()
    try:
        key = writer.lay(raw, sending=False)
        server, before = link.server_time, utc_now()
        found = link.listed("/mailFolders/drafts/messages", filter=graph_items.marked(message_id), select="id")
        link.ask("DELETE", graph_items.path_of(key))
    except Trouble as trouble:
        return Finding(what, False, str(trouble))
    if key not in {str(each.get("id")) for each in found}:
        say = "Ghi được nhưng không tìm lại được theo dấu của chương trình; hãy báo người phụ trách phần mềm."
        return Finding(what, False, say)
    return clock_finding(what, server, before)
