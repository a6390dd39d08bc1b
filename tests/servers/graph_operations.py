"""What the Graph test server can do, each operation by its name; faults are played before any of this."""

import base64
import json
import re
import urllib.parse
from typing import TYPE_CHECKING, Any

from tests.servers.ews_store import Item
from tests.servers.graph_store import Upload

if TYPE_CHECKING:
    from tests.servers.graph import Answer, Asked, Graph

OF_LOGIN = ("discovery", "token", "devicecode")
_MOST = 4 * 1024 * 1024  # bytes of a request
_OPERATIONS = (
    ("GET", r"/[^/]+/v2\.0/\.well-known/openid-configuration", "discovery"),
    ("POST", r"/[^/]+/oauth2/v2\.0/token", "token"),
    ("POST", r"/[^/]+/oauth2/v2\.0/devicecode", "devicecode"),
    ("PUT", r"/upload/[^/]+", "upload"),
    ("GET", r"/v1\.0/users/[^/]+/mailFolders", "folders"),
    ("POST", r"/v1\.0/users/[^/]+/mailFolders", "make folder"),
    ("GET", r"/v1\.0/users/[^/]+/mailFolders/(?P<folder>[^/]+)", "folder"),
    ("GET", r"/v1\.0/users/[^/]+/mailFolders/(?P<folder>[^/]+)/messages", "list"),
    ("GET", r"/v1\.0/users/[^/]+/mailFolders/(?P<folder>[^/]+)/messages/delta", "delta"),
    ("POST", r"/v1\.0/users/[^/]+/messages", "create"),
    ("GET", r"/v1\.0/users/[^/]+/messages/(?P<item>[^/]+)", "get"),
    ("PATCH", r"/v1\.0/users/[^/]+/messages/(?P<item>[^/]+)", "mark"),
    ("DELETE", r"/v1\.0/users/[^/]+/messages/(?P<item>[^/]+)", "delete"),
    ("GET", r"/v1\.0/users/[^/]+/messages/(?P<item>[^/]+)/\$value", "value"),
    ("POST", r"/v1\.0/users/[^/]+/messages/(?P<item>[^/]+)/move", "move"),
    ("POST", r"/v1\.0/users/[^/]+/messages/(?P<item>[^/]+)/send", "send"),
    ("POST", r"/v1\.0/users/[^/]+/messages/(?P<item>[^/]+)/attachments", "attach"),
    ("POST", r"/v1\.0/users/[^/]+/messages/(?P<item>[^/]+)/attachments/createUploadSession", "session"),
)


def operation_of(method: str, path: str) -> str:
    """Return the name of what is asked."""
    found = (name for verb, pattern, name in _OPERATIONS if verb == method and re.fullmatch(pattern, path))
    return next(found, "unknown")


def error(code: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": f"{code} was played.", "innerError": {"request-id": "x"}}}


def carry_out(asked: "Asked") -> "Answer":
    """Carry out what is asked."""
    if asked.operation == "unknown":
        return 400, error("UnknownOperation"), {}
    if len(asked.body) > _MOST:
        return 413, error("RequestEntityTooLarge"), {}
    names = next(
        m for _, pattern, name in _OPERATIONS if name == asked.operation and (m := re.fullmatch(pattern, asked.path))
    )
    work = globals()["_" + asked.operation.replace(" ", "_")]
    named = {key: urllib.parse.unquote(value) for key, value in names.groupdict().items()}
    store = asked.server.store
    if "folder" in named:
        folder = store.folder_of(named["folder"])
        return work(asked, folder) if folder else (404, error("ErrorItemNotFound"), {})
    if "item" in named:
        item = store.item(_true_id(asked, named["item"]))
        return work(asked, item) if item else (404, error("ErrorItemNotFound"), {})
    return work(asked)


def _immutable(asked: "Asked") -> bool:
    return 'IdType="ImmutableId"' in asked.handler.headers.get("Prefer", "")


def _true_id(asked: "Asked", given: str) -> str:
    """Return the store's id; one of the moving kind is good only while the item lies where it lay."""
    if _immutable(asked):
        return given
    folder, _, identifier = given.partition("-")
    item = asked.server.store.item(identifier)
    return identifier if item and item.folder == folder else ""


def _told(asked: "Asked", item: Item) -> dict[str, Any]:
    select = {each for each in asked.query.get("$select", "").split(",") if each}
    properties = re.findall(r"id eq '([^']*)'", asked.query.get("$expand", ""))
    return asked.server.store.json(item, select, properties, _immutable(asked))


# -- login -------------------------------------------------------------------------------------------------------------


def _discovery(asked: "Asked") -> "Answer":
    server = asked.server
    tenant = asked.path.split("/")[1]
    if tenant != "dienluc.example":
        return 400, {"error": "invalid_tenant", "error_description": "AADSTS90002: Tenant not found."}, {}
    root = f"{server.authority.replace('http:', 'https:')}/{tenant}"
    return 200, {
        "issuer": f"{root}/v2.0",
        "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
        "token_endpoint": f"{root}/oauth2/v2.0/token",
        "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
    }, {}  # fmt: skip


def _form(asked: "Asked") -> dict[str, str]:
    return dict(urllib.parse.parse_qsl(asked.body.decode()))


def _token(asked: "Asked") -> "Answer":
    form, server = _form(asked), asked.server
    grant = form.get("grant_type", "")
    if "device_code" in grant:
        return _device_token(server, form)
    if grant == "refresh_token":
        known = form.get("refresh_token") == "refresh" and not server.options.get("signed out")
        return (
            (200, _of_person(server, form["client_id"]), {})
            if known
            else (400, _no("invalid_grant", "AADSTS700082"), {})
        )
    if form.get("scope") != f"{server.authority}/.default":
        return 400, _no("invalid_scope", "AADSTS70011"), {}
    if "client_assertion" in form:
        proven = _proven(server, form["client_assertion"])
        if not proven:
            return 401, _no("invalid_client", "AADSTS700027"), {}
    elif form.get("client_secret") != server.secret:
        return 401, _no("invalid_client", server.options.get("refusal", "AADSTS7000215")), {}
    return 200, server.issue(roles=server.options.get("roles", ["Mail.ReadWrite", "Mail.Send"])), {}


def _no(name: str, code: str) -> dict[str, str]:
    return {"error": name, "error_description": f"{code}: played."}


def _proven(server: "Graph", assertion: str) -> bool:
    """Check the assertion's signature against the certificate that the application is registered with."""
    import jwt

    if server.certificate is None:
        return False
    try:
        jwt.decode(assertion, server.certificate.public_key(), ["RS256", "PS256"], options={"verify_aud": False})
    except jwt.InvalidTokenError:
        return False
    return True


def _of_person(server: "Graph", client: str) -> dict[str, Any]:
    claims = {"sub": "person", "oid": "person", "tid": "t", "preferred_username": "staff@dienluc.example", "iss": "x"}
    body = base64.urlsafe_b64encode(
        json.dumps({**claims, "aud": client, "exp": 9999999999, "iat": 1}).encode()
    ).decode()
    info = base64.urlsafe_b64encode(b'{"uid": "person", "utid": "t"}').decode().rstrip("=")
    issued = server.issue(scp="Mail.ReadWrite.Shared Mail.Send.Shared openid")
    scope = f"{server.authority}/Mail.ReadWrite.Shared {server.authority}/Mail.Send.Shared"
    return {**issued, "scope": scope, "refresh_token": "refresh", "id_token": f"e30.{body}.x", "client_info": info}


def _device_token(server: "Graph", form: dict[str, str]) -> "Answer":
    signed_in = server.codes.get(form.get("device_code", ""))
    if signed_in:
        return 200, _of_person(server, form["client_id"]), {}
    return 400, _no("authorization_pending" if signed_in is False else "expired_token", "AADSTS70016"), {}


def _devicecode(asked: "Asked") -> "Answer":
    asked.server.codes["device-1"] = bool(asked.server.options.get("person", True))
    return 200, {
        "device_code": "device-1", "user_code": "ABCD1234", "verification_uri": "https://login.example/device",
        "expires_in": 900, "interval": 1, "message": "sign in",
    }, {}  # fmt: skip


# -- folders -----------------------------------------------------------------------------------------------------------


def _folder_json(asked: "Asked", name: str) -> dict[str, Any]:
    store = asked.server.store
    folder = store.folders[name]
    return {"id": store.folder_id(name), "displayName": folder.name, "totalItemCount": len(folder.items)}


def _folder(asked: "Asked", name: str) -> "Answer":
    return 200, _folder_json(asked, name), {}


def _folders(asked: "Asked") -> "Answer":
    wanted = re.fullmatch(r"displayName eq '(.*)'", asked.query.get("$filter", ""))
    every = asked.server.store.children("msgfolderroot", False)
    shown = [f for f in every if not wanted or f.name == wanted[1].replace("''", "'")]
    return 200, {"value": [_folder_json(asked, folder.id) for folder in shown]}, {}


def _make_folder(asked: "Asked") -> "Answer":
    name = json.loads(asked.body)["displayName"]
    if any(folder.name == name for folder in asked.server.store.children("msgfolderroot", False)):
        return 409, error("ErrorFolderExists"), {}
    return 201, _folder_json(asked, asked.server.store.create_folder("msgfolderroot", name).id), {}


# -- reading -----------------------------------------------------------------------------------------------------------


def _list(asked: "Asked", folder: str) -> "Answer":
    wanted = asked.query.get("$filter", "")
    store = asked.server.store
    here = list(store.folders[folder].items.values())
    literal = lambda text: text.replace("''", "'")  # noqa: E731
    by_id = re.fullmatch(r"internetMessageId eq '(.*)'", wanted)
    by_mark = re.fullmatch(
        r"singleValueExtendedProperties/Any\(ep: ep/id eq '(.*?)' and contains\(ep/value, '(.*)'\)\)", wanted
    )
    by_subject = re.fullmatch(r"contains\(subject,'(.*)'\)", wanted)
    if by_id:
        shown = [i for i in here if store.json(i, set(), [], True)["internetMessageId"] == literal(by_id[1])]
    elif by_mark:  # the values are compared without regard to case
        value = literal(by_mark[2]).lower()
        shown = [i for i in here if value in (store.extended(i, literal(by_mark[1])) or "").lower()]
    elif by_subject:
        shown = [i for i in here if literal(by_subject[1]).lower() in store.json(i, set(), [], True)["subject"].lower()]
    else:
        return 400, error("ErrorInvalidUrlQueryFilter"), {}
    start = int(asked.query.get("$skip", "0"))
    page: dict[str, Any] = {"value": [_told(asked, item) for item in shown[start : start + 10]]}
    if len(shown) > start + 10:
        query = urllib.parse.urlencode({**asked.query, "$skip": str(start + 10)})
        page["@odata.nextLink"] = f"{asked.server.authority}{asked.handler.path.partition('?')[0]}?{query}"
    return 200, page, {}


def _delta(asked: "Asked", folder: str) -> "Answer":
    """Tell changes page by page. A token holds: generation, since where, up to where, how many of them were told."""
    store, server = asked.server.store, asked.server
    token = asked.query.get("$deltatoken") or asked.query.get("$skiptoken") or ""
    fields = token.split("~") if token else []
    if token and (len(fields) != 5 or fields[1] != folder):
        return 400, error("BadRequest"), {}
    if token and fields[0] != str(server.generation):
        return 410, error("SyncStateNotFound"), {"Location": f"{server.authority}{asked.path}"}
    since, upto, told = (int(each) for each in fields[2:]) if token else (-1, len(store.journal), 0)
    if "$deltatoken" in asked.query:
        upto = len(store.journal)
    news = _news(asked, folder, since)
    size = re.search(r"maxpagesize=(\d+)", asked.handler.headers.get("Prefer", ""))
    most = min(int(size[1]) if size else 10, server.options.get("page", 100))
    page: dict[str, Any] = {"value": news[told : told + most]}
    root = f"{server.authority}{asked.path}"
    if len(news) > told + most:
        page["@odata.nextLink"] = f"{root}?$skiptoken={server.generation}~{folder}~{since}~{upto}~{told + most}"
    else:
        page["@odata.deltaLink"] = f"{root}?$deltatoken={server.generation}~{folder}~{upto}~{upto}~0"
    return 200, page, {}


def _news(asked: "Asked", folder: str, since: int) -> list[dict[str, Any]]:
    store = asked.server.store
    here = store.folders[folder].items
    if since < 0:
        listed = [_told(asked, item) for item in here.values()]
        return listed[::-1] if asked.server.options.get("unordered") else listed
    gone = {"@removed": {"reason": "deleted"}}
    return [
        _told(asked, here[identifier]) if identifier in here else {"id": identifier, **gone}
        for _, _, identifier in store.changes(folder, since)
    ]


def _get(asked: "Asked", item: Item) -> "Answer":
    return 200, _told(asked, item), {}


def _value(asked: "Asked", item: Item) -> "Answer":
    return 200, asked.server.store.mime(item) or b"", {}


# -- writing -----------------------------------------------------------------------------------------------------------


def _create(asked: "Asked") -> "Answer":
    if asked.handler.headers.get("Content-Type") != "text/plain":
        return 400, error("BadRequest"), {}
    try:
        raw = base64.b64decode(asked.body, validate=True)
    except ValueError:
        return 400, error("ErrorMimeContentInvalidBase64String"), {}
    return 201, _told(asked, asked.server.store.add("drafts", raw)), {}


def _mark(asked: "Asked", item: Item) -> "Answer":
    for each in json.loads(asked.body)["singleValueExtendedProperties"]:
        item.extended[("graph", each["id"])] = each["value"]
    asked.server.store.touch(item)
    return 200, _told(asked, item), {}


def _delete(asked: "Asked", item: Item) -> "Answer":
    asked.server.store.move(item, "deleteditems")
    return 204, b"", {}


def _move(asked: "Asked", item: Item) -> "Answer":
    store = asked.server.store
    target = store.folder_of(json.loads(asked.body)["destinationId"])
    if target is None:
        return 404, error("ErrorItemNotFound"), {}
    return 201, _told(asked, store.move(item, target)), {}


def _send(asked: "Asked", item: Item) -> "Answer":
    store, options = asked.server.store, asked.server.options
    if item.folder != "drafts":
        return 404, error("ErrorItemNotFound"), {}
    if options.get("refuse") and options["refuse"] in (item.header("To") or ""):
        return 400, error("ErrorInvalidRecipients"), {}
    store.send(_without_bcc(item.raw))
    copy = options.get("copy", lambda raw: raw)(item.raw)
    if copy is None:
        store.remove(item)
    else:
        item.raw = copy
        store.move(item, "sentitems")
    return 202, b"", {}


def _without_bcc(raw: bytes) -> bytes:
    head, gap, body = raw.partition(b"\r\n\r\n")
    return re.sub(rb"(?im)^bcc:[^\n]*\n(?:[ \t][^\n]*\n)*", b"", head + b"\r\n").removesuffix(b"\r\n") + gap + body


def _attach(asked: "Asked", item: Item) -> "Answer":
    given = json.loads(asked.body)
    content = base64.b64decode(given["contentBytes"])
    if len(content) > 3_000_000 or given["@odata.type"] != "#microsoft.graph.fileAttachment":
        return 413, error("ErrorMessageSizeExceeded"), {}
    asked.server.store.enclose(item, given["name"], given["contentType"], content)
    return 201, {"id": "attachment"}, {}


def _session(asked: "Asked", item: Item) -> "Answer":
    given = json.loads(asked.body)["AttachmentItem"]
    if given["size"] < 3_000_000 and not asked.server.options.get("small uploads"):
        return 400, error("ErrorAttachmentSizeShouldNotBeLessThanMinimumSize"), {}
    name = f"session{next(asked.server.count)}"
    asked.server.uploads[name] = Upload(item.id, given["name"], given.get("contentType", "x/y"), given["size"])
    return 201, {"uploadUrl": f"{asked.server.authority}/upload/{name}", "nextExpectedRanges": ["0-"]}, {}


def _upload(asked: "Asked") -> "Answer":
    store = asked.server.store
    upload = asked.server.uploads.get(asked.path.rpartition("/")[2])
    item = store.item(upload.item) if upload else None
    span = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", asked.handler.headers.get("Content-Range", ""))
    if upload is None or item is None or span is None:
        return 404, error("ErrorItemNotFound"), {}
    start, end, size = (int(each) for each in span.groups())
    if (start, end - start + 1, size) != (len(upload.content), len(asked.body), upload.size):
        return 416, error("InvalidContentRange"), {}
    upload.content += asked.body
    if len(upload.content) < size:
        return 200, {"nextExpectedRanges": [str(len(upload.content))]}, {}
    store.enclose(item, upload.name, upload.content_type, upload.content)
    return 201, b"", {"Location": f"{asked.server.authority}/attachments/x"}
