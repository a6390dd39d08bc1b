"""The office as it is printed on its documents. Data only; the settings fill it in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the lines of authority and position (``TL. GIÁM ĐỐC``, ``TRƯỞNG PHÒNG``) and the name under them."""

    lines: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """The issuing company and the room that runs the desk, as Decree 30/2020 and the process forms print them.

    ``signer`` signs letters of the company, ``room_signer`` the room's internal reports and request forms.
    ``recipients`` are the lines of "Nơi nhận" after the first, without dash or full stop.
    """

    name: str
    parent: str
    place: str
    room: str
    phone: str = ""
    email: str = ""
    address: str = ""
    short_name: str = ""
    parent_short: str = ""
    desk: str = "Phòng Giao dịch khách hàng"
    leader: str = "Giám đốc Công ty"
    hotline: str = ""
    sign_code: str = "PCBK-P9"
    report_code: str = "BC-PCBK"
    room_report_code: str = "BC-P9"
    signer: Signer = Signer(("TL. GIÁM ĐỐC", "TRƯỞNG PHÒNG"))
    room_signer: Signer = Signer(("TRƯỞNG PHÒNG",))
    recipients: tuple[str, ...] = ("Lưu: VT, P9",)
