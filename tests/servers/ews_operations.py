"""The operations of Exchange Web Services over a ``Store``: a request element in, a response in XML out."""

import base64
import email.utils
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from tests.servers.ews_store import Folder, Item, Store, from_fields, state_position, state_text

T = "{http://schemas.microsoft.com/exchange/services/2006/types}"
M = "{http://schemas.microsoft.com/exchange/services/2006/messages}"
_RIGHTS = ("CreateAssociated", "CreateContents", "CreateHierarchy", "Delete", "Modify", "Read")
_TAGS = {"0x1035": "message:InternetMessageId"}


class Refusal(Exception):
    """An error answer: its ResponseCode, and what else stands in the message."""

    def __init__(self, code: str, extra: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


def carry_out(store: Store, request: etree._Element, options: dict[str, Any]) -> str:
    """Carry out one operation and return the inside of ``soap:Body``."""
    operation = etree.QName(request).localname
    messages = []
    for part in _PARTS[operation](request):
        try:
            messages.append(
                _message(operation, "Success", "NoError", _OPERATIONS[operation](store, request, part, options))
            )
        except Refusal as refusal:
            messages.append(_message(operation, "Error", refusal.code, refusal.extra))
    inside = "".join(messages)
    return f"<m:{operation}Response><m:ResponseMessages>{inside}</m:ResponseMessages></m:{operation}Response>"


def error(operation: str, code: str, extra: str = "") -> str:
    """Return an answer that says an error of one response message."""
    message = _message(operation, "Error", code, extra)
    return f"<m:{operation}Response><m:ResponseMessages>{message}</m:ResponseMessages></m:{operation}Response>"


def _message(operation: str, kind: str, code: str, inside: str) -> str:
    text = f"<m:MessageText>{code}</m:MessageText>" if kind == "Error" else ""
    return (
        f'<m:{operation}ResponseMessage ResponseClass="{kind}">{text}<m:ResponseCode>{code}</m:ResponseCode>'
        f"{inside}</m:{operation}ResponseMessage>"
    )


# -- folders -----------------------------------------------------------------------------------------------------------


def _folder(store: Store, element: Any) -> Folder:
    """Return the folder that a FolderId or DistinguishedFolderId names."""
    found = store.folder(element.get("Id"))
    mailbox = element.findtext(f".//{T}EmailAddress")
    if found is None or (mailbox and mailbox.lower() != store.address.lower()):
        raise Refusal("ErrorFolderNotFound")
    return found


def _folder_in(store: Store, request: Any, tag: str) -> Folder:
    holder = request.find(f"{M}{tag}")
    if holder is None or not len(holder):
        raise Refusal("ErrorInvalidRequest")
    return _folder(store, holder[0])


def _folder_xml(folder: Folder, options: dict[str, Any] | None = None) -> str:
    lacking = (options or {}).get("lacking", {}).get(folder.id, ())
    rights = "".join(f"<t:{name}>{str(name not in lacking).lower()}</t:{name}>" for name in _RIGHTS)
    return (
        f'<t:Folder><t:FolderId Id={quoteattr(folder.id)} ChangeKey="fk"/><t:ParentFolderId Id={quoteattr(folder.parent)} '
        f'ChangeKey="fk"/><t:FolderClass>IPF.Note</t:FolderClass><t:DisplayName>{escape(folder.name)}</t:DisplayName>'
        f"<t:TotalCount>{len(folder.items)}</t:TotalCount><t:ChildFolderCount>0</t:ChildFolderCount>"
        f"<t:EffectiveRights>{rights}</t:EffectiveRights></t:Folder>"
    )


def _get_folder(store: Store, _request: Any, part: Any, options: dict[str, Any]) -> str:
    folder = _folder(store, part)
    if options.get("rights") == "none" or (options.get("rights") == "inbox" and folder.id != "inbox"):
        raise Refusal("ErrorAccessDenied")
    return f"<m:Folders>{_folder_xml(folder, options)}</m:Folders>"


def _find_folder(store: Store, request: Any, part: Any, _options: dict[str, Any]) -> str:
    wanted = request.find(f"{M}Restriction")
    found = [
        folder
        for folder in store.children(_folder(store, part).id, request.get("Traversal") == "Deep")
        if wanted is None or _true(wanted[0], _name_of(folder))
    ]
    inside = "".join(_folder_xml(folder) for folder in found)
    return (
        f'<m:RootFolder IndexedPagingOffset="{len(found)}" TotalItemsInView="{len(found)}" '
        f'IncludesLastItemInRange="true"><t:Folders>{inside}</t:Folders></m:RootFolder>'
    )


def _name_of(folder: Folder) -> Callable[[str], str | None]:
    return lambda uri: folder.name if uri == "folder:DisplayName" else None


def _create_folder(store: Store, request: Any, part: Any, _options: dict[str, Any]) -> str:
    parent = _folder_in(store, request, "ParentFolderId")
    name = part.findtext(f"{T}DisplayName") or ""
    if any(folder.name == name for folder in store.children(parent.id, False)):
        raise Refusal("ErrorFolderExists")
    made = store.create_folder(parent.id, name)
    return f'<m:Folders><t:Folder><t:FolderId Id={quoteattr(made.id)} ChangeKey="fk"/></t:Folder></m:Folders>'


# -- restrictions ------------------------------------------------------------------------------------------------------


def _uri(element: Any) -> str:
    plain = element.find(f"{T}FieldURI")
    if plain is not None:
        return str(plain.get("FieldURI"))
    extended = element.find(f"{T}ExtendedFieldURI")
    if extended is None:
        raise Refusal("ErrorInvalidRestriction")
    tag = extended.get("PropertyTag")
    return _TAGS.get(str(tag), "ext:" + "|".join(_extended_key(extended)))


def _extended_key(element: Any) -> tuple[str, str]:
    space = element.get("PropertySetId") or element.get("DistinguishedPropertySetId") or "tag"
    return str(space).lower(), str(
        element.get("PropertyName") or element.get("PropertyTag") or element.get("PropertyId")
    )


def _true(test: Any, value_of: Callable[[str], Any]) -> bool:
    """Say whether the restriction holds for the thing that ``value_of`` tells of."""
    name = etree.QName(test).localname
    if name in ("And", "Or"):
        parts = [_true(part, value_of) for part in test]
        return all(parts) if name == "And" else any(parts)
    if name == "Not":
        return not _true(test[0], value_of)
    value = value_of(_uri(test))
    if name == "Exists":
        return value is not None
    constant = test.find(f".//{T}Constant").get("Value")
    if value is None:
        return False
    if name == "Contains":
        if test.get("ContainmentComparison") == "IgnoreCase":  # ASCII only, as measured
            value, constant = value.encode().lower().decode(), constant.encode().lower().decode()
        return bool(constant in value if test.get("ContainmentMode") == "Substring" else value == constant)
    return bool(_COMPARE[name](str(value), constant))


_COMPARE: dict[str, Callable[[str, str], bool]] = {
    "IsEqualTo": lambda a, b: a == b,
    "IsNotEqualTo": lambda a, b: a != b,
    "IsGreaterThan": lambda a, b: a > b,
    "IsGreaterThanOrEqualTo": lambda a, b: a >= b,
    "IsLessThan": lambda a, b: a < b,
    "IsLessThanOrEqualTo": lambda a, b: a <= b,
}


def _value(item: Item, uri: str) -> str | None:
    if uri.startswith("ext:"):
        space, _, name = uri[4:].partition("|")
        return item.extended.get((space, name))
    plain: dict[str, Callable[[], str | None]] = {
        "message:InternetMessageId": lambda: item.header("Message-ID"),
        "item:Subject": lambda: item.header("Subject") or "",
        "message:IsRead": lambda: "1" if item.is_read else "0",
        "item:HasAttachments": lambda: "1" if item.attachments else "0",
        "item:DateTimeReceived": lambda: f"{item.received:%Y-%m-%dT%H:%M:%SZ}",
        "item:DateTimeCreated": lambda: f"{item.received:%Y-%m-%dT%H:%M:%SZ}",
        "item:ItemClass": lambda: item.item_class,
    }
    if uri not in plain:
        raise Refusal("ErrorInvalidRestriction")
    return plain[uri]()


# -- items -------------------------------------------------------------------------------------------------------------


def _wanted(request: Any) -> list[Any]:
    holder = request.find(f".//{T}AdditionalProperties")
    return [] if holder is None else list(holder)


def _mailbox_xml(tag: str, text: str | None) -> str:
    pairs = [(name, address) for name, address in email.utils.getaddresses([text or ""]) if address]
    boxes = "".join(
        f"<t:Mailbox><t:Name>{escape(name or address)}</t:Name><t:EmailAddress>{escape(address)}</t:EmailAddress>"
        "<t:RoutingType>SMTP</t:RoutingType></t:Mailbox>"
        for name, address in pairs
    )
    return f"<t:{tag}>{boxes}</t:{tag}>" if boxes else ""


def _time_xml(tag: str, item: Item, options: dict[str, Any]) -> str:
    style = options.get("times", "plain")
    if style == "none" and tag == "DateTimeReceived":
        return ""
    fraction = ".123456789" if style == "fractions" and tag == "DateTimeReceived" else ""
    return f"<t:{tag}>{item.received:%Y-%m-%dT%H:%M:%S}{fraction}Z</t:{tag}>"


def _headers_xml(item: Item) -> str:
    pairs = [(name, " ".join(str(value).split())) for name, value in item.message.items()]
    inside = "".join(
        f"<t:InternetMessageHeader HeaderName={quoteattr(name)}>{escape(value)}</t:InternetMessageHeader>"
        for name, value in pairs
    )
    return f"<t:InternetMessageHeaders>{inside}</t:InternetMessageHeaders>" if inside else ""


def _attachments_xml(item: Item) -> str:
    inside = "".join(
        f"<t:FileAttachment><t:AttachmentId Id={quoteattr(a.id)}/><t:Name>{escape(a.name)}</t:Name>"
        f"<t:ContentType>{escape(a.content_type)}</t:ContentType><t:Size>{len(a.content)}</t:Size></t:FileAttachment>"
        for a in item.attachments
    )
    return f"<t:Attachments>{inside}</t:Attachments>" if inside else ""


def _item_xml(store: Store, item: Item, wanted: list[Any], options: dict[str, Any]) -> str:
    """Return the item with what was asked for, in the order of the schema."""
    asked = {element.get("FieldURI") for element in wanted if etree.QName(element).localname == "FieldURI"}
    fields: list[tuple[str, Callable[[], str]]] = [
        ("item:MimeContent", lambda: f'<t:MimeContent CharacterSet="UTF-8">{base64.b64encode(store.mime(item)).decode()}</t:MimeContent>'),
        ("", lambda: f"<t:ItemId Id={quoteattr(item.id)} ChangeKey={quoteattr(item.changekey)}/>"),
        ("item:ParentFolderId", lambda: f'<t:ParentFolderId Id={quoteattr(item.folder)} ChangeKey="fk"/>'),
        ("item:ItemClass", lambda: f"<t:ItemClass>{item.item_class}</t:ItemClass>"),
        ("item:Subject", lambda: f"<t:Subject>{escape(item.header('Subject') or '')}</t:Subject>"),
        ("item:Body", lambda: f'<t:Body BodyType="Text">{escape(item.fields.get("Body", ""))}</t:Body>'),
        ("item:Attachments", lambda: _attachments_xml(item)),
        ("item:DateTimeReceived", lambda: _time_xml("DateTimeReceived", item, options)),
        ("item:Size", lambda: f"<t:Size>{len(item.raw)}</t:Size>"),
        ("item:Categories", lambda: "<t:Categories>" + "".join(f"<t:String>{escape(c)}</t:String>" for c in item.categories) + "</t:Categories>" if item.categories else ""),
        ("item:InternetMessageHeaders", lambda: _headers_xml(item)),
        ("item:DateTimeSent", lambda: _time_xml("DateTimeSent", item, options)),
        ("item:DateTimeCreated", lambda: _time_xml("DateTimeCreated", item, options)),
        ("item:HasAttachments", lambda: f"<t:HasAttachments>{str(bool(item.attachments)).lower()}</t:HasAttachments>"),
        ("ext", lambda: _extended_xml(item, wanted)),
        ("message:ToRecipients", lambda: _mailbox_xml("ToRecipients", item.header("To"))),
        ("message:From", lambda: _mailbox_xml("From", item.header("From"))),
        ("message:InternetMessageId", lambda: f"<t:InternetMessageId>{escape(item.header('Message-ID') or '')}</t:InternetMessageId>" if item.header("Message-ID") else ""),
        ("message:IsRead", lambda: f"<t:IsRead>{str(item.is_read).lower()}</t:IsRead>"),
    ]  # fmt: skip
    inside = "".join(make() for uri, make in fields if not uri or uri == "ext" or uri in asked)
    tag = next((tag for start, tag in _CLASSES.items() if item.item_class.startswith(start)), "Message")
    return f"<t:{tag}>{inside}</t:{tag}>"


# What stands for an item of that class in every answer.
_CLASSES = {
    "IPM.Schedule.Meeting.Request": "MeetingRequest",
    "IPM.Schedule.Meeting.Resp": "MeetingResponse",
    "IPM.Schedule.Meeting.Canceled": "MeetingCancellation",
    "IPM.Post": "PostItem",
    "IPM.Task": "Task",
    "IPM.Contact": "Contact",
}


def _extended_xml(item: Item, wanted: list[Any]) -> str:
    parts = []
    for element in wanted:
        if etree.QName(element).localname == "ExtendedFieldURI" and _extended_key(element) in item.extended:
            attributes = " ".join(f"{name}={quoteattr(value)}" for name, value in element.attrib.items())
            value = escape(item.extended[_extended_key(element)])
            parts.append(
                f"<t:ExtendedProperty><t:ExtendedFieldURI {attributes}/><t:Value>{value}</t:Value></t:ExtendedProperty>"
            )
    return "".join(parts)


def _item(store: Store, element: Any) -> Item:
    found = store.item(element.get("Id"))
    if found is None:
        raise Refusal("ErrorItemNotFound")
    return found


def _get_item(store: Store, request: Any, part: Any, options: dict[str, Any]) -> str:
    return f"<m:Items>{_item_xml(store, _item(store, part), _wanted(request), options)}</m:Items>"


def _sorting(uri: str) -> Callable[[Item], str]:
    return lambda item: _value(item, uri) or ""


def _find_item(store: Store, request: Any, part: Any, options: dict[str, Any]) -> str:
    folder = _folder(store, part)
    wanted = request.find(f"{M}Restriction")
    found = [item for item in folder.items.values() if wanted is None or _true(wanted[0], partial(_value, item))]
    for order in reversed(request.findall(f".//{T}FieldOrder")):
        uri = _uri(order)
        found.sort(key=_sorting(uri), reverse=order.get("Order") == "Descending")
    view = request.find(f"{M}IndexedPageItemView")
    start = int(view.get("Offset", 0)) if view is not None else 0
    end = start + int(view.get("MaxEntriesReturned", 1000)) if view is not None else len(found)
    inside = "".join(_item_xml(store, item, _wanted(request), options) for item in found[start:end])
    return (
        f'<m:RootFolder IndexedPagingOffset="{min(end, len(found))}" TotalItemsInView="{len(found)}" '
        f'IncludesLastItemInRange="{str(end >= len(found)).lower()}"><t:Items>{inside}</t:Items></m:RootFolder>'
    )


def _sync(store: Store, request: Any, part: Any, options: dict[str, Any]) -> str:
    folder = _folder(store, part)
    given = request.findtext(f"{M}SyncState")
    position = state_position(given) if given else 0
    if position is None:
        if options.get("bad_state") == "error":
            raise Refusal(
                "ErrorInvalidSyncStateData", "<m:SyncState/><m:IncludesLastItemInRange>true</m:IncludesLastItemInRange>"
            )
        position = 0  # gromox: a full sync without a word
    changes = store.changes(folder.id, position)
    page = changes[: int(request.findtext(f"{M}MaxChangesReturned") or 100)]
    last = len(page) == len(changes)
    state = len(store.journal) if last else page[-1][0]
    inside = "".join(_change_xml(store, folder, what, identifier, request, options) for _, what, identifier in page)
    return (
        f"<m:SyncState>{state_text(state)}</m:SyncState><m:IncludesLastItemInRange>{str(last).lower()}"
        f"</m:IncludesLastItemInRange><m:Changes>{inside}</m:Changes>"
    )


def _change_xml(store: Store, folder: Folder, what: str, identifier: str, request: Any, options: dict[str, Any]) -> str:
    if what == "delete":
        return f'<t:Delete><t:ItemId Id={quoteattr(identifier)} ChangeKey="x"/></t:Delete>'
    if what == "read":
        read = str(folder.items[identifier].is_read).lower()
        return f'<t:ReadFlagChange><t:ItemId Id={quoteattr(identifier)} ChangeKey="x"/><t:IsRead>{read}</t:IsRead></t:ReadFlagChange>'
    tag = what.capitalize()
    return f"<t:{tag}>{_item_xml(store, folder.items[identifier], _wanted(request), options)}</t:{tag}>"


def _create_item(store: Store, request: Any, part: Any, options: dict[str, Any]) -> str:
    disposition = request.get("MessageDisposition")
    content = part.findtext(f"{T}MimeContent")
    fields = {
        "Subject": part.findtext(f"{T}Subject") or "",
        "Body": part.findtext(f"{T}Body") or "",
        "To": ", ".join(element.text for element in part.findall(f"{T}ToRecipients//{T}EmailAddress")),
        "From": part.findtext(f"{T}From//{T}EmailAddress") or "",
        "Message-ID": part.findtext(f"{T}InternetMessageId") or "",
    }
    raw = base64.b64decode(content) if content else from_fields({k: v for k, v in fields.items() if v}, store.address)
    extended = {
        _extended_key(element.find(f"{T}ExtendedFieldURI")): element.findtext(f"{T}Value") or ""
        for element in part.findall(f"{T}ExtendedProperty")
    }
    if disposition == "SaveOnly":
        made = store.add(
            _folder_in(store, request, "SavedItemFolderId").id, raw, extended=extended, fields=fields, is_read=True
        )
        return f"<m:Items><t:Message><t:ItemId Id={quoteattr(made.id)} ChangeKey={quoteattr(made.changekey)}/></t:Message></m:Items>"
    copy = options.get("copy", lambda raw: raw)(raw)
    folder = _folder_in(store, request, "SavedItemFolderId").id if disposition == "SendAndSaveCopy" else ""
    if folder and copy is not None:
        store.add(folder, copy, extended=extended, fields=fields, is_read=True)
    _send(store, raw, options)
    return "<m:Items/>"


def _send(store: Store, raw: bytes, options: dict[str, Any]) -> None:
    """Let the mail leave without its Bcc field; a refused recipient comes after the copy was kept, as measured."""
    message = email.message_from_bytes(raw)
    to = [
        address
        for _, address in email.utils.getaddresses(
            message.get_all("To", []) + message.get_all("Cc", []) + message.get_all("Bcc", [])
        )
    ]
    if not any(to):
        raise Refusal("ErrorInvalidRecipients")
    if options.get("refuse") in to:
        raise Refusal("ErrorInternalServerError")
    head, line, rest = raw.partition(b"\r\n\r\n")
    kept = b"\r\n".join(field for field in head.split(b"\r\n") if not field.lower().startswith(b"bcc:"))
    store.send(kept + line + rest)


def _send_item(store: Store, request: Any, part: Any, options: dict[str, Any]) -> str:
    item = _item(store, part)
    _send(store, item.raw, options)
    if request.get("SaveItemToFolder") == "true":
        store.move(item, _folder_in(store, request, "SavedItemFolderId").id)
    else:
        store.remove(item)
    return ""


def _update_item(store: Store, _request: Any, part: Any, _options: dict[str, Any]) -> str:
    item = _item(store, part.find(f"{T}ItemId"))
    for change in part.find(f"{T}Updates"):
        uri, removing = _uri(change), etree.QName(change).localname == "DeleteItemField"
        if uri == "message:IsRead":
            item.is_read = change.findtext(f".//{T}IsRead") in ("1", "true")
        elif uri == "item:Categories":
            item.categories = () if removing else tuple(e.text for e in change.findall(f".//{T}Categories/{T}String"))
        elif uri.startswith("ext:"):
            space, _, name = uri[4:].partition("|")
            item.extended.pop((space, name), None)
            if not removing:
                item.extended[space, name] = change.findtext(f".//{T}Value") or ""
        else:
            raise Refusal("ErrorInvalidPropertySet")
    store.touch(item)
    return f"<m:Items><t:Message><t:ItemId Id={quoteattr(item.id)} ChangeKey={quoteattr(item.changekey)}/></t:Message></m:Items><m:ConflictResults><t:Count>0</t:Count></m:ConflictResults>"


def _move_item(store: Store, request: Any, part: Any, _options: dict[str, Any]) -> str:
    folder = _folder_in(store, request, "ToFolderId")
    moved = store.move(_item(store, part), folder.id)
    return f"<m:Items><t:Message><t:ItemId Id={quoteattr(moved.id)} ChangeKey={quoteattr(moved.changekey)}/></t:Message></m:Items>"


def _delete_item(store: Store, request: Any, part: Any, _options: dict[str, Any]) -> str:
    item = _item(store, part)
    if request.get("DeleteType") == "MoveToDeletedItems":
        store.move(item, "deleteditems")
    else:
        store.remove(item)
    return ""


def _create_attachment(store: Store, request: Any, part: Any, _options: dict[str, Any]) -> str:
    item = _item(store, request.find(f"{M}ParentItemId"))
    made = store.attach(
        item,
        part.findtext(f"{T}Name") or "",
        part.findtext(f"{T}ContentType") or "",
        base64.b64decode(part.findtext(f"{T}Content") or ""),
    )
    return (
        f"<m:Attachments><t:FileAttachment><t:AttachmentId Id={quoteattr(made.id)} RootItemId={quoteattr(item.id)} "
        f"RootItemChangeKey={quoteattr(item.changekey)}/></t:FileAttachment></m:Attachments>"
    )


def _get_attachment(store: Store, _request: Any, part: Any, _options: dict[str, Any]) -> str:
    found = store.attachment(part.get("Id"))
    if found is None:
        raise Refusal("ErrorInvalidAttachmentId")
    return (
        f"<m:Attachments><t:FileAttachment><t:AttachmentId Id={quoteattr(found.id)}/><t:Name>{escape(found.name)}</t:Name>"
        f"<t:ContentType>{escape(found.content_type)}</t:ContentType>"
        f"<t:Content>{base64.b64encode(found.content).decode()}</t:Content></t:FileAttachment></m:Attachments>"
    )


def _subscribe(_store: Store, _request: Any, _part: Any, options: dict[str, Any]) -> str:
    return f"<m:SubscriptionId>{options.setdefault('subscription', 'subscription-1')}</m:SubscriptionId>"


def _convert_id(_store: Store, _request: Any, _part: Any, _options: dict[str, Any]) -> str:
    raise Refusal("ErrorInvalidIdMalformed")


def _nothing(_store: Store, _request: Any, _part: Any, _options: dict[str, Any]) -> str:
    return ""


def _inside(tag: str) -> Callable[[Any], Iterator[Any]]:
    return lambda request: iter(request.find(f"{M}{tag}"))


def _whole(request: Any) -> Iterator[Any]:
    yield request


_PARTS: dict[str, Callable[[Any], Iterator[Any]]] = {
    "ConvertId": _inside("SourceIds"), "GetFolder": _inside("FolderIds"), "FindFolder": _inside("ParentFolderIds"),
    "CreateFolder": _inside("Folders"), "SyncFolderItems": _inside("SyncFolderId"), "FindItem": _inside("ParentFolderIds"),
    "GetItem": _inside("ItemIds"), "GetAttachment": _inside("AttachmentIds"), "CreateItem": _inside("Items"),
    "UpdateItem": _inside("ItemChanges"), "CreateAttachment": _inside("Attachments"), "SendItem": _inside("ItemIds"),
    "MoveItem": _inside("ItemIds"), "DeleteItem": _inside("ItemIds"), "Subscribe": _whole, "Unsubscribe": _whole,
}  # fmt: skip
_OPERATIONS: dict[str, Callable[[Store, Any, Any, dict[str, Any]], str]] = {
    "ConvertId": _convert_id, "GetFolder": _get_folder, "FindFolder": _find_folder, "CreateFolder": _create_folder,
    "SyncFolderItems": _sync, "FindItem": _find_item, "GetItem": _get_item, "GetAttachment": _get_attachment,
    "CreateItem": _create_item, "UpdateItem": _update_item, "CreateAttachment": _create_attachment, "SendItem": _send_item,
    "MoveItem": _move_item, "DeleteItem": _delete_item, "Subscribe": _subscribe, "Unsubscribe": _nothing,
}  # fmt: skip
