"""The closed list of names that a Word template of a ticket may use, each with what it stands for, as staff read it.

The values are put together by ``letters``; ``motcua check`` holds templates against this list.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

OFFERED: Mapping[str, Any] = MappingProxyType(
    {
        "office": {
            "name": "tên đơn vị ban hành, ví dụ Công ty Điện lực Bắc Kạn",
            "parent": "tên cơ quan chủ quản",
            "short_name": "tên viết tắt, ví dụ PC Bắc Kạn",
            "parent_short": "tên viết tắt cơ quan chủ quản, ví dụ EVNNPC",
            "room": "phòng phụ trách, ví dụ Phòng Kinh doanh",
            "desk": "nơi tiếp nhận, ví dụ Phòng Giao dịch khách hàng",
            "leader": "lãnh đạo nhận báo cáo, ví dụ Giám đốc Công ty",
            "place": "địa danh trên văn bản",
            "address": "địa chỉ",
            "phone": "điện thoại",
            "hotline": "tổng đài chăm sóc khách hàng",
            "email": "thư điện tử",
        },
        "issuer": {
            "parent": ["dòng cơ quan chủ quản ở góc trái văn bản này"],
            "name": ["dòng cơ quan ban hành ở góc trái văn bản này"],
        },
        "doc": {
            "number": "số và ký hiệu văn bản, để trống chỗ số khi văn thư chưa cấp; trống hẳn khi gửi bằng thư điện tử mà chưa có số",
            "kind": "loại tài liệu",
            "round": "lần lập",
            "qr": "nội dung mã QR",
            "mailed": "có khi bản này gửi cho khách hàng bằng thư điện tử, để trống khi in ra giấy",
        },
        "form": {
            "title": "tên quy trình",
            "chapter": "chương",
            "code": "mã số quy trình",
            "issue": "lần ban hành",
            "date": "ngày ban hành",
        },
        "today": {
            "long": "ngày 05 tháng 10 năm 2026",
            "short": "05/10/2026",
            "time": "08h20 ngày 05/10/2026",
            "place_date": "địa danh và ngày tháng: Thái Nguyên, ngày 05 tháng 10 năm 2026",
        },
        "ticket": {
            "number": "mã tiếp nhận, ví dụ PCBK-2026-000123",
            "category": "mã loại yêu cầu, dùng trong điều kiện: outage_info, reconnection_cost, …",
            "title": "tên loại yêu cầu",
            "subject": "tiêu đề thư của khách hàng",
            "content": "toàn bộ nội dung yêu cầu",
            "paragraphs": ["nội dung yêu cầu, từng đoạn, bỏ lời chào đầu thư"],
            "received": "giờ và ngày tiếp nhận",
            "received_date": "ngày tiếp nhận",
            "channel": "kênh tiếp nhận",
            "reply_form": "hình thức trả lời đã hẹn",
            "outage_start": "giờ bắt đầu ngừng điện đã thông báo",
            "wanted_window": "khoảng thời gian khách hàng đề nghị hoặc hỏi",
            "besides": ["việc khác loại mà thư của khách hàng còn nêu"],
            "danger": "câu cảnh báo khi có nguy hiểm, để trống nếu không",
            "questions": ["điều cần hỏi lại khách hàng"],
            "reasons": ["lý do chương trình xếp loại và chọn đơn vị"],
        },
        "customer": {
            "name": "họ tên hoặc tên đơn vị",
            "code": "mã khách hàng",
            "phone": "điện thoại",
            "address": "địa chỉ sử dụng điện",
            "email": "thư điện tử",
            "addressee": "tên sau Kính gửi: Ông/Bà …, tên đơn vị hoặc Quý khách hàng",
            "called": "cách gọi trong thư: Ông/Bà, Quý đơn vị, Quý khách hàng",
        },
        "unit": {
            "name": "tên đơn vị được hỏi",
            "chief": "người phụ trách đơn vị",
            "duty_phone": "điện thoại trực vận hành",
            "duty_address": "thư điện tử trực vận hành",
            "asked": "giờ gửi phiếu cho đơn vị",
            "state": "tình trạng của phiếu",
            "question": "điều đơn vị hỏi lại",
        },
        "units": [
            {
                "name": "tên từng đơn vị đã hỏi",
                "asked": "giờ gửi phiếu",
                "due": "hạn trả lời",
                "state": "tình trạng",
                "answer": "nội dung trả lời",
            }
        ],
        "to": ["nơi gửi đến sau Kính gửi, mỗi nơi một dòng"],
        "due": {
            "unit": "hạn đơn vị trả lời",
            "customer": "hạn trả lời khách hàng",
            "customer_date": "ngày hẹn trả lời khách hàng",
            "before_outage": "hạn báo khách hàng trước khi ngừng điện 24 giờ",
            "late": "câu cho biết đã quá hạn, để trống nếu chưa",
        },
        "found": {
            "text": "kết quả tra cứu",
            "source": "nguồn tra cứu",
            "as_of": "thời điểm của số liệu",
            "by": "người tra cứu",
        },
        "answer": {
            "text": "toàn bộ câu trả lời",
            "paragraphs": [
                "câu trả lời, từng đoạn; bỏ câu chỉ nói lại việc đồng ý hay không đồng ý đổi giờ và giờ mới"
            ],
            "agreed": "có hoặc không, với đề nghị đổi thời gian; để trống nếu không áp dụng",
            "restored": "có khi câu trả lời nói điện đã có lại, để trống nếu không",
            "new_window": "thời gian ngừng điện mới: từ 07h30 đến 11h30 ngày 12/10/2026, hoặc chỉ giờ bắt đầu",
            "reason": "lý do không đồng ý hoặc trả lời chậm",
            "measures": ["biện pháp khắc phục"],
        },
        "costs": [
            {
                "customer": "đối tượng",
                "voltage": "cấp điện áp",
                "distance": "khoảng cách",
                "amount": "mức thu chưa thuế, đồng/lần",
            }
        ],
        "cost_basis": "căn cứ và ngày áp dụng biểu mức chi phí",
        "reminder": {"count": "lần nhắc thứ mấy", "name": "tên mốc nhắc"},
        "attachments": ["tài liệu gửi kèm"],
        "copies": ["dòng Nơi nhận, đã có dấu chấm phẩy hoặc dấu chấm"],
        "signer": {
            "lines": ["dòng quyền hạn, chức vụ; tên phòng khi gửi bằng thư điện tử mà chưa có số"],
            "name": "họ tên người ký, trống khi không ai ký",
        },
        "agent": "họ tên giao dịch viên",
    }
)
