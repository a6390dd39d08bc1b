"""The words by which units answer, put off, ask back, or write of something else. Tables of Vietnamese; pure.

Patterns are written with diacritics and used in two forms: as they stand for text with diacritics, folded for text
typed without any. Each sentence is judged alone; the strongest decides.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from daemon.reading.lines import MARKS

_DESK = (
    r"(quý phòng|phòng gdkh|phòng giao dịch|phòng mình|phòng ta|phòng kd|phòng|các anh chị|các anh|các chị|anh chị|anh/chị|anh|chị|"
    r"gdkh|mọi người|bên phòng|ace)"
)
_WE = r"(đơn vị|em|đội|điện lực|đl|bên em|bên mình|chúng tôi|chúng em|tôi|mình|b26|phòng điều độ|tổ trực|tổ|trực ban|tụi em|bọn em|cháu)"
_ASK = r"(đề nghị|nhờ|xin|mong|phiền|yêu cầu|vui lòng|làm ơn|kính mong|rất mong|cần|để nghị|đn)"
_GIVE = (
    r"(cho biết|cho xin|cho hỏi|cho em|cho đơn vị|cho thêm|cung cấp|bổ sung|gửi lại|gửi thêm|gửi bổ sung|gửi giúp|gửi cho|gửi số|gửi mã|gửi địa chỉ|gửi thông tin|gửi ảnh|gửi bản|"
    r"làm rõ|nói rõ|ghi rõ|nêu rõ|báo rõ|xác nhận|xác minh lại|kiểm tra lại|xem lại|rà soát lại|đối chiếu lại|thông tin lại|thông tin thêm|thông tin rõ|hỏi lại|hỏi thêm|hỏi rõ|hỏi kỹ|hỏi khách|hỏi giúp|"
    r"hỏi xem|xác định lại|xác định rõ|chỉ đạo|cho ý kiến|có ý kiến|chụp|chuyển|nhắn lại|báo lại số|liên hệ lại với khách|liên hệ khách|cho số|cho mã)"
)
_THING = (
    r"(địa chỉ|số điện thoại|sđt|số đt|điện thoại|đt|mã kh|mã khách|mkh|tên khách|họ tên|thông tin|số công tơ|công tơ|vị trí|tên trạm|số trạm|số cột|"
    r"ngày giờ|thời gian|số hợp đồng|hợp đồng|nội dung|ảnh|hình ảnh|bản gốc|đơn|phiếu|giấy tờ|số nhà|thôn|xã|ngày)"
)
_TELL = r"(báo|gửi|trả lời|báo cáo|phản hồi|thông tin|cập nhật|bổ sung|cung cấp|hồi âm|thông báo|trình bày|giải trình)"
_SEEK = (
    r"(kiểm tra|xác minh|tổng hợp|phối hợp|làm việc|rà soát|thu thập|xin ý kiến|trình|khảo sát|xem xét|đối chiếu|tìm hiểu|tìm|hỏi|làm rõ|phân tích|tra cứu|thí nghiệm|kiểm định|liên hệ|"
    r"họp|bàn|xử lý|giải quyết|lập phương án|đo|khắc phục|sửa|thống kê|soạn|dò)"
)
_LATER = (
    r"\b(ngay khi|khi có|khi nào|ngày mai|sáng mai|chiều mai|mai|chiều nay|tối nay|sáng nay|trưa nay|tuần sau|tuần tới|đầu tuần|cuối tuần|hôm sau|ngày kia|cuối ngày|cuối giờ|đầu giờ|"
    r"muộn nhất|chậm nhất|trước \d{1,2} ?[hg:]\w*|trước ngày|trước thứ \w+|trong ngày|trong chiều|trong sáng|trong tuần|\d{1,2} ?h\w* (sẽ|em|đơn vị)|thứ (hai|ba|tư|năm|sáu|bảy|[2-7])|sớm nhất|ít phút|lát nữa|tí nữa)\b"
)
_CUSTOMER = r"(khách|kh\b|quý khách|ông|bà|hộ|gia đình|người dân|bà con|nhân dân|dân)"

_QUESTIONS = (
    (
        3,
        rf"(?<!khách )(?<!hàng )\b{_ASK}( (vui lòng|sớm|giúp|lại|và|để|rồi|có thể|xem|ưu tiên|kiểm tra))* {_GIVE}(?! (cho|tới|đến) {_CUSTOMER})",
    ),
    (3, r"(chưa|không) (hiểu|nắm được|rõ) (rõ |hết )?(nội dung|ý|yêu cầu|khách|phiếu|vấn đề|câu)"),
    (
        3,
        rf"{_ASK} {_DESK}( (gdkh|kinh doanh|vui lòng|sớm|giúp|liên hệ|hỏi|trao đổi|kiểm tra|với|lại|khách hàng|khách|kh|và|để|rồi|có thể|xem|ưu tiên))* {_GIVE}(?! (cho|tới|đến) {_CUSTOMER})",
    ),
    (
        3,
        rf"{_ASK} {_DESK}.{{0,25}}(hỏi|liên hệ|trao đổi).{{0,25}}(khách|kh\b).{{0,30}}(giúp|để|cung cấp|cho biết|bổ sung|xem|xác|lại)",
    ),
    (3, rf"\b{_DESK}( gdkh)?( \w+){{0,2}} (cho|giúp) {_WE} (biết|xin|hỏi|thêm|xác nhận|số|mã)"),
    (3, rf"\bcho {_WE} (xin(?! (thêm (\w+ ngày|thời gian|ít)|gia hạn|lùi|khất|phép))|hỏi|biết|mượn)\b"),
    (
        3,
        rf"\b{_DESK}( gdkh)? (cho (hỏi|biết|xin)|xác nhận giúp|xác nhận lại|gửi giúp|cung cấp giúp|bổ sung giúp|kiểm tra giúp|kiểm tra lại|xem lại|hỏi lại|hỏi giúp|hỏi khách|gửi lại|chuyển (phiếu|yêu cầu|thư|đơn|cho|sang))",
    ),
    (
        3,
        r"(không|chưa) (tìm thấy|tra được|tra cứu được|tìm được|tìm ra|thấy có|có trong|thấy|ra|khớp).{0,30}(khách hàng|mã kh|mã khách|địa chỉ|tên này|tên trên|khách này|kh này|khách nào|hộ này|hộ nào|danh sách|hệ thống|cmis)",
    ),
    (
        3,
        rf"(không|chưa) (ghi|nêu|nói|rõ|có|đủ|đầy đủ|cụ thể|xác định được) (rõ |cụ thể )?{_THING}.{{0,160}}({_ASK}|\?)",
    ),
    (3, rf"(thiếu|chưa có|không có|chưa đủ|sai|nhầm) {_THING}.{{0,140}}({_ASK}|bổ sung|cung cấp|\?)"),
    (
        3,
        rf"(không thuộc|không nằm trong|không phải|ngoài) .{{0,25}}(địa bàn|quản lý|phạm vi|khu vực|thẩm quyền|lưới).{{0,160}}({_ASK}|chuyển|xem lại|kiểm tra lại|hỏi)",
    ),
    (3, rf"(thuộc|của) .{{0,40}}(quản lý|phụ trách|địa bàn).{{0,80}}{_ASK}.{{0,40}}chuyển"),
    (3, rf"{_ASK}( {_DESK})?.{{0,25}} chuyển .{{0,30}}(cho|sang|tới|đến|về) (điện lực|đl|b26|đơn vị|phòng|đội)"),
    (
        3,
        rf"\b{_DESK}( gdkh)? (báo|thông tin|xác minh|chuyển|gửi|kiểm tra|đối chiếu|rà soát|xem|hỏi) (lại|rõ|thêm)\b(?! (cho |tới |đến |với )?{_CUSTOMER})",
    ),
    (2, r"\b(có|đã|là|phải|thuộc) (\w+ ){1,15}(không|chưa|nào|gì|đâu|ai) (ạ|vậy|nhỉ|thế|phòng|chị|anh|em)\b"),
    (
        3,
        rf"\b{_DESK}( gdkh)? ((?!trả |báo|thông |giải |nhắn|chuyển lời|xin lỗi|phản hồi|chờ|đợi)\w+ ){{1,4}}(giúp|hộ|với)\b(?! {_CUSTOMER})",
    ),
    (3, r"(chuyển|gửi|giao) (nhầm|sai|không đúng)( \w+){0,2}( đơn vị| địa chỉ| nơi|[,. ]|$)"),
    (
        2,
        r"(khách|khách hàng|kh|hộ|khu vực|phiếu|xã|thôn|trạm|nội dung)( \w+){0,3} (thuộc|của) (điện lực|đl|đội quản lý|đội) \w+",
    ),
    (2, rf"^({_DESK} )(ơi )?.{{0,60}}(nào|hay|hay là|gì|đâu|bao giờ|mấy)\b.{{0,40}}(ạ|vậy|thế|nhỉ|nhé)?[.!? ]*$"),
    (
        2,
        rf"(nhờ|xin|đề nghị|mong|phiền|kính mong) {_DESK}\b( gdkh| giao dịch khách hàng| kinh doanh)?(?! ?(,|\.|:|$))(?!( \w+){{0,2}} (thông báo|trả lời|phúc đáp|hồi âm|nhắc|đính chính|giải thích(?! (thêm|rõ|giúp))|báo|hướng dẫn|nhắn|xin lỗi|phản hồi|thông tin|tuyên truyền|ghi nhận|biết|đóng|kết thúc|căn cứ|tổng hợp|lưu ý|vận động|cập nhật|theo dõi|thông cảm|chờ|đợi|phối hợp|giải đáp|gia hạn|cho phép|lùi|đồng ý))",
    ),
    (
        2,
        r"(^|[,;] ?|thì |nên )(phòng|anh|chị|phòng gdkh) (ơi )?(kiểm tra|xem|gửi|bổ sung|cho|cung cấp|nói|ghi|hỏi|xác nhận|xác minh|cần|muốn)\b(?! (khách|thông|biết là))",
    ),
    (2, rf"\b{_WE} cần (thêm|biết|có|bổ sung|thông tin|số|ảnh|rõ)\b(?! (thời gian|\w+ ngày|người|vật tư))"),
    (
        2,
        r"[,;.] ?(đề nghị|nhờ|xin|mong) (xác minh|kiểm tra|làm rõ|xem xét|xem|xác nhận|đối chiếu)( lại| giúp| thêm)?[ .!ạ]*$",
    ),
    (2, r"\b(gì|đâu|nào|ai|mấy|bao nhiêu|bao giờ)\b.{0,20} (vậy|ạ|nhỉ|thế|hả)( phòng| chị| anh| em)?\b"),
    (2, r"\?"),
    (2, rf"(xin ý kiến|xin chỉ đạo|cho ý kiến|cho chỉ đạo|hỏi ý kiến) ({_DESK}|của|về|chỉ)"),
    (2, r"\b(xin|cho) hỏi\b"),
    (
        2,
        rf"^{_ASK} (làm rõ|nói rõ|ghi rõ|cho biết|cung cấp|bổ sung|xác nhận|gửi lại|kiểm tra lại)|[,:] {_ASK} (làm rõ|nói rõ|ghi rõ|cho biết|cung cấp|bổ sung|xác nhận|gửi lại|kiểm tra lại)",
    ),
)
_PARTIALS = (
    (
        2,
        r"^(dạ |vâng |ok |oke |em |đơn vị |đl |điện lực |đội |b26 |kính gửi[^,:]*[,:] ?|thưa[^,]*, ?|chào[^,]*, ?|tổ trực |phòng điều độ )*(đã |vừa |mới )?(tiếp nhận|ghi nhận|nhận được|nhận|nắm được|nắm|rõ)( được)?( \w+){0,3} (phiếu|yêu cầu|thông tin|nội dung|văn bản|mail|email|thư|đề nghị|công văn|kiến nghị|đơn|chỉ đạo|rồi|ạ|nhé)\b",
    ),
    (
        2,
        rf"\b{_WE}( \w+)? (đã |vừa |mới |đã tiếp )?(tiếp nhận|ghi nhận|nhận được|nhận)( được)? (phiếu|yêu cầu|thông tin|nội dung|văn bản|mail|email|thư|đề nghị|công văn|kiến nghị|đơn|chỉ đạo|rồi|ạ)\b",
    ),
    (
        2,
        r"^(dạ |vâng |ok |oke |em |đơn vị |đl )*(ok|oke|vâng|đã|đã rõ|đã xem|đã đọc|đã nhận|nhận|đã nhận được|em nhận được|em nhận|rõ|em rõ|nhất trí, em nhận|đã tiếp nhận)( ạ| nhé| rồi| phòng| anh| chị| em| nha| thông tin| phiếu| thư)*[ .!,]*$",
    ),
    (2, r"^(ok|oke|vâng|dạ)[ ,.!]+(em|đơn vị|đội)( đã)? (nhận|rõ|biết|làm|kiểm tra|xem)( \w+){0,3}[ .!]*$"),
    (
        2,
        rf"\b(sẽ|xin phép|xin|hẹn|để em|để đơn vị|để đội|rồi|xong|thì)( \w+){{0,4}} {_TELL}(?! ({_CUSTOMER}|cho {_CUSTOMER}|tới {_CUSTOMER}|đến {_CUSTOMER}))\b.{{0,60}}({_LATER}|\bsau\b|\btiếp\b|phòng|lại|đầy đủ|chính thức|kết quả|cụ thể|chi tiết|quý phòng|gdkh)",
    ),
    (
        2,
        rf"{_LATER}.{{0,60}}\b(sẽ |xin |mới |em |đơn vị |đội |b26 |đl )*{_TELL}(?! ({_CUSTOMER}|cho {_CUSTOMER}|tới {_CUSTOMER}|đến {_CUSTOMER}|điện|bằng lời))\b( \w+){{0,3}}( (phòng|lại|tiếp|sau|ngay|đầy đủ|kết quả|chính thức|quý phòng|gdkh|nốt|cụ thể)|[ .,!]*$)",
    ),
    (2, rf"\b{_TELL}( {_DESK})?( kết quả)? (sau|tiếp|bổ sung sau|lại sau|ngay khi|khi có|nốt)\b"),
    (
        2,
        r"(khi|ngay khi|sau khi|nếu|lúc nào|bao giờ)( nào)? (có|xong|xác minh|kiểm tra|tổng hợp|nhận|làm việc|xác định|biết)( \w+){0,8},? (đơn vị|em|đội|chúng tôi|bên em|đl|điện lực|b26|sẽ|thì|báo|gửi|trả lời)( sẽ| xin| thì)? ?(báo|gửi|trả lời|thông tin|phản hồi|báo cáo|thông báo|cập nhật)",
    ),
    (
        2,
        rf"^có (kết quả|thông tin|số liệu|lịch|ý kiến)( \w+){{0,4}} {_TELL}|[.,] ?có (kết quả|thông tin|số liệu|lịch|ý kiến)( \w+){{0,4}} {_TELL}",
    ),
    (
        2,
        r"\b(?<!khách )(?<!hàng )chưa (biết|rõ|xác định|xác minh|tổng hợp|trả lời|thể trả lời|kịp|rõ nguyên nhân|tìm (được|ra|thấy) nguyên nhân|kiểm tra|liên hệ được|gặp được|đủ (số liệu|thông tin|thời gian|người|kết quả)|thống nhất|có (kết quả|thông tin|số liệu|kết luận|phương án|câu trả lời|ý kiến)|vào được|tiếp cận|xong|làm rõ|đến được)",
    ),
    (
        2,
        r"(chờ|đợi) .{0,30}(kết quả|ý kiến|b26|báo cáo|nhà thầu|xác nhận|số liệu|thí nghiệm|phê duyệt|kiểm định|duyệt|chỉ đạo|biên bản|bố trí|trả lời|phản hồi|đội|tổ|lãnh đạo|công ty|giám đốc|hiện trường)",
    ),
    (
        2,
        r"(phần|nội dung|ý|câu|mục|việc|vấn đề|điểm|hộ|vụ|lần|trường hợp) (còn lại|thứ hai|thứ 2|kia|sau|thứ ba).{0,60}(sau|tiếp|đang|bổ sung|chưa|chờ|đợi|sẽ|mai|tuần)|^còn .{2,60}(sau|tiếp|đang|chưa|chờ|đợi|sẽ|mai|tuần)\b|[,;] ?còn .{2,60}(sau|tiếp|đang|chưa|chờ|đợi|sẽ|mai|tuần)\b",
    ),
    (
        2,
        r"(xin|đề nghị|cho)( phòng)?( cho)?( phép)?( đơn vị| em| đội| b26)? ?(được )?(lùi|gia hạn|thêm thời gian|thêm \w+ ngày|khất|kéo dài|trả lời (chậm|muộn|sau)|chậm|báo sau|gửi sau)",
    ),
    (
        2,
        r"(sơ bộ|bước đầu|tạm thời|trước mắt|tạm trả lời|trả lời tạm|báo nhanh|báo cáo nhanh|trả lời trước (một )?phần)\b",
    ),
    (
        2,
        r"\bmới (kiểm tra|xác minh|làm|xử lý|có|tổng hợp|liên hệ|trả lời|gặp|tìm|xong|chỉ|được)\b.{0,40}(\d|một|phần|nửa|vài)",
    ),
    (
        2,
        r"\b(gọi|đo|kiểm tra|làm|xử lý|tìm|dò|xác minh|hỏi|gửi|báo|đi|rà|bổ sung|cung cấp|liên hệ) (tiếp|nốt)\b(?! (xúc|nhận|tục|theo|địa|cận|điện|dân))",
    ),
    (2, r"^(dạ |vâng |ok |oke )*(đã rõ|rõ rồi|nắm rồi|đã nắm|đã xem)\b"),
    (2, r"\b(cần|xin|cho|thêm) (thêm )?(\w+ )?thời gian\b"),
    (2, r"(?<!đã )(?<!vừa )\bcó kết quả( \w+){0,2}[ .!]*$"),
    (
        2,
        r"\b(rồi|về|xong|thì|mai|chiều|tối|trưa|sáng)( \w+)?,? (em|đơn vị|đội|anh em|tổ|b26) (sẽ )?(báo|gửi|trả lời|thông tin|phản hồi)\b(?! (khách|cho khách|kh\b|ông|bà))",
    ),
    (
        1,
        r"\b(em|đơn vị|đội|anh em|tổ) (sẽ |đang |cho |đi |xin |ở |vào |xuống )*(kiểm tra|xem|hỏi|tìm|rà soát|xác minh|triển khai|thực hiện|làm|hiện trường|tuyến)( ngay| lại| ạ| nhé)*[ .!,]*$",
    ),
    (1, r"\b(đang|sẽ|chiều|mai|tối)\b.{0,40}\b(có thông tin|có số liệu|có câu trả lời)"),
    (2, r"\bđang (cử|cho|bố trí|huy động|điều|gọi) (người|anh em|tổ|đội|công nhân|cán bộ|nhân viên|thợ)"),
    (2, r"\b(?<!khách )(?<!hàng )(còn|phải|đang|vẫn|cần) (chờ|đợi)\b(?! (dự án|kế hoạch|đầu tư))"),
    (2, rf"\bkết quả (sẽ |dự kiến )?(có|gửi|trả|báo)( \w+){{0,2}} {_LATER}"),
    (
        2,
        r"(?<!khách )(?<!hàng )\bchưa (kết luận|thấy (báo|về|gửi|trả lời|phản hồi)|báo về|về|tới|đo|gặp|hỏi|làm|đi|ký|duyệt)\b",
    ),
    (2, r"\bmới (kết luận|trả lời|xác định|biết|có kết quả|báo|tính)( \w+){0,2}"),
    (2, r"\bmới \w+( \w+){0,5} \d+ ?(trong|/|hộ|khách|điểm|trạm|trên|người|lần|phiếu)"),
    (
        2,
        r"(sẽ (thông tin|báo|trả lời|phản hồi|gửi|báo cáo) (lại|sau|tiếp|phòng|riêng)|(đơn vị|em|đội|đl|điện lực|b26) (thông tin|báo|trả lời|phản hồi|gửi|báo cáo) (lại|sau|tiếp|riêng))\b(?! (cho |tới |đến )?(khách|kh|ông|bà|hộ))",
    ),
    (
        2,
        r"\b(sẽ|xin) (có|ra|làm|soạn|gửi) (văn bản|báo cáo|công văn|trả lời|tờ trình|giải trình)( trả lời)?( riêng| sau| chính thức| tiếp| cụ thể)",
    ),
    (
        2,
        r"(chiều|tối|mai|trưa|ngày kia|tuần sau)( \w+){0,4} mới (\w+ ){0,2}(vào|tới|đến|kiểm tra|có|xong|làm|xử lý|biết|trả lời)",
    ),
    (2, rf"{_DESK} (chờ|đợi|thông cảm chờ|vui lòng chờ)( \w+){{0,2}} (giúp|chút|thêm|nhé|ạ|đơn vị|em)"),
    (
        2,
        rf"^(đơn vị |em |đội |đl |điện lực |b26 |hiện |hiện nay |vẫn |hiện đơn vị |đội qlvh |tổ )*đang (cử |cho |giao |tiến hành |tiếp tục |được |tích cực |phối hợp |người |đi )*{_SEEK}[^,.]{{0,70}}[.! ]*$",
    ),
    (
        1,
        rf"\b(đang|tiếp tục|vẫn|cần|phải) (cử |cho |giao |tiến hành |được |người |đi |thêm |tích cực |phối hợp )*(\w+ ){{0,2}}{_SEEK}",
    ),
    (1, rf"(đã|sẽ|vừa) (giao|cử|phân công|chỉ đạo|bố trí|báo|chuyển|yêu cầu) .{{0,60}}{_SEEK}"),
    (1, rf"\bsẽ (cho |cử |sớm |tiến hành |tổ chức |xem |phối hợp )*(\w+ )?({_SEEK}|{_TELL}(?! {_CUSTOMER}))"),
    (1, rf"\bđể (em|đơn vị|đội|tôi) {_SEEK}"),
)
_ANSWERS = (
    r"(đã|vừa) (được )?(xử lý|khắc phục|khôi phục|có điện|thay|đóng điện|sửa|hoàn thành|lập|hướng dẫn|làm việc|giải thích|xin lỗi|trả lời|thông báo|cấp điện|đấu nối|cắt|phát quang|đóng lại|giải quyết|vệ sinh|điều chỉnh|hoàn tiền|dựng|nối|kéo|san tải|nhắn tin|gia cố|tháo|lắp|treo|đóng|bồi thường|thống nhất|hẹn|kiểm định|chốt|ký)",
    r"nguyên nhân( \w+){0,6} (do|là|vì|từ)\b|(^|[ ,(])do (sét|cây|sự cố|quá tải|đứt|cháy|nổ|hỏng|máy biến áp|mba|công nhân|giông|dông|bão|mưa|nhảy|thi công|tồn|xe|chuột|rắn|chim|dây|khách|aptomat|lũ|sạt|nhà thầu|quên|lỗi|nợ|ngắn mạch|tiếp xúc|đường dây|cột|chì|fco|vỡ|trạm)",
    r"\b(có|vẫn) (cắt|ngừng|mất|điện)|^(đúng|có|không|vẫn|dạ không|dạ có|dạ vẫn)\b|không (có|đồng ý|thuộc trường hợp|thuộc diện|phát sinh|thể (đổi|lùi|hoãn|dời)|phải (do|lỗi|bồi)|bị|ảnh hưởng|cắt|ngừng)",
    r"(đồng ý|nhất trí|thống nhất|chấp thuận|chấp nhận|từ chối|giữ nguyên|không thể|nhận khuyết điểm)",
    r"(dự kiến|đóng điện|có điện|khôi phục|cấp điện|xong|hoàn thành)( \w+){0,6} (lúc |vào |trước |khoảng |sau )?(\d{1,2} ?[hg:]|ngày \d|\d{1,2}/\d)",
    r"(mức phí|chi phí|số tiền|đơn giá|khoảng cách|phí là|tổng cộng|giá)\b.{0,60}\d",
    r"(ngừng|cắt|mất|tạm ngừng|giảm)( cung)?( cấp)?( điện)?.{0,40} (từ|lúc|ngày|vào) ",
    r"(hẹn|sẽ đến|cử người đến|đến)( \w+){0,5} (ngày|lúc|sáng|chiều|vào) ",
    r"(bình thường|không thấy|rút (ngắn|đơn|kinh nghiệm)|tư vấn|nhắc nhở|kiểm điểm|cam kết|kế hoạch|đúng (quy định|quy trình|lịch)|hiệu lực|quá tải|cuối nguồn|cuối tuyến|sụt áp|chập|vì )",
    r"\b(sẽ|đã|vừa|anh em|đơn vị|tổ) (\w+ )?(đóng|cấp|cắt|nhắn|thay|di chuyển|dựng|lắp|nối|chặt|chằng|rào|hủy|đưa|tháo|căng|ngừng|xin lỗi|nhận (trách|khuyết))",
    r"(kèm theo|đính kèm|gửi kèm|theo file|trong file|văn bản trả lời|xem file|xem tệp|file kèm)",
    r"(kết quả (là|đo|kiểm|cho)|cụ thể|như sau|theo (quy định|thông tư|kế hoạch|lịch))",
    r"\d{1,2} ?[h:]\d{0,2}.{0,30}\d{1,2}[/.-]\d{1,2}|\d+ ?(v|kv|km|a|kwh|đồng|vnd|đ)\b",
)
_FORECAST = r"(dự kiến|khoảng|trước|đến) .{0,40}(có điện|đóng điện|khôi phục|cấp điện|xong|hoàn thành)|(có điện|đóng điện|khôi phục|cấp điện|xong|hoàn thành)( \w+){0,4} (lúc |vào |trước |khoảng )?(\d{1,2} ?[hg:]|ngày \d)|(từ|lúc) \d{1,2} ?h\w* (đến|-) \d{1,2} ?h"
_FOR_CUSTOMER = rf"(đề nghị|nhờ|xin|mong|phiền) ({_DESK} )?(gdkh )?(\w+ ){{0,2}}(thông báo|trả lời|phúc đáp|hồi âm|giải thích|hướng dẫn|xin lỗi|phản hồi|báo|chuyển lời|thông tin|tuyên truyền|nhắn|giải đáp)( lại)?( đến| cho| tới| với)? ?{_CUSTOMER}"

_ABSENT = r"(vắng mặt|nghỉ phép|đi công tác|nghỉ ốm|nghỉ thai sản|không có mặt|ngoài văn phòng|out of (the )?office|away from (the )?office|on (annual )?leave|đi học|đi vắng|nghỉ lễ|nghỉ việc riêng)"
_CONTACT = r"(liên hệ|gọi|trở lại|quay lại|return|contact|trực ban|việc gấp|khẩn cấp|số máy|trả lời (sau|khi|thư)|phản hồi (sau|khi)|hết ngày)"
_MACHINE = (
    r"((thư|email|tin nhắn|thông báo|phản hồi|trả lời)( này)?( là| được)?( thư| email)?( gửi| tạo| trả lời| phản hồi)? tự động|vui lòng không (trả lời|phản hồi|reply)|do not reply|"
    r"automatic(ally)? (reply|response|generated)|auto-?(reply|generated|response)|hệ thống (tự động|đã (ghi|tiếp) nhận))"
)
_INTERNAL = (
    r"(lịch (trực|họp|công tác|làm việc|tuần|giao ban|nghỉ|thi|học)|giấy mời|mời (họp|dự|tham dự|các|anh|chị|đồng)|họp (giao ban|tổng kết|đột xuất|chi bộ|phòng|trực tuyến)|giao ban|hội nghị|tổng kết|sơ kết|"
    r"báo cáo (tuần|tháng|quý|năm|định kỳ|công tác|tổn thất|tài chính|sản lượng|thu|nợ|an toàn|kết quả (công|thực|sản))|số liệu (tổn thất|tháng|quý|báo cáo)|"
    r"công đoàn|văn nghệ|hội thảo|tập huấn|đào tạo|bồi dưỡng|nâng bậc|sinh nhật|chúc mừng|kính chúc|hiếu hỉ|đám (cưới|tang) (của )?đồng chí|quyên góp|ủng hộ|thể thao|bóng (đá|chuyền|bàn)|thi đấu|giải (đấu|cầu lông|bóng)|"
    r"bảo (dưỡng|trì) (hệ thống|phần mềm|máy chủ|xe)|nâng cấp|kiểm kê|vật tư|chấm công|bảng lương|tiền lương|ăn ca|đồng phục|khám sức khỏe|khám sức khoẻ|khuyến mãi|khuyến mại|quảng cáo|ưu đãi|giảm giá|bản tin|bảng tin|newsletter|"
    r"(gửi )?(các|toàn thể) (phòng|đơn vị|đồng chí|cbcnv|cán bộ)|toàn (thể|công ty)|tuần \d{1,2}\b|kpi|chỉ tiêu|phòng chống (bão|thiên tai|cháy)|pcttt?|an toàn vệ sinh|huấn luyện|đảng (viên|bộ|ủy|uỷ)|chi bộ|đoàn thanh niên|"
    r"du lịch|nghỉ mát|thi đua|khen thưởng|quyết định (số|về)|kế hoạch (tháng|quý|năm|tuần|làm việc|công tác)|đăng ký|phần mềm|mật khẩu|tài khoản|wifi|máy in|xe (ô tô|công)|cccd|hồ sơ (đảng|nhân sự|thầu)|trúng thưởng|vay vốn|lãi suất|"
    r"báo giá|sản phẩm|khóa học|khoá học|nghỉ phép|nghỉ (ốm|lễ|tết)|bàn giao|danh sách (nhân viên|cán bộ|trực|đăng|cbcnv|đoàn)|trực tết|d-office|văn bản (số|chỉ đạo|mới)|hóa đơn (vat|mua)|chuyển công tác|tuyển dụng|ca trực|trực ca|đổi ca|biên bản họp)"
)
_ABOUT = (
    r"(khách hàng|khách\b|\bkh\b|mã kh|phiếu (yêu cầu|số|của|tiếp nhận|kiểm định)|mã phiếu|kiến nghị|khiếu nại|phản ánh|công tơ|trả lời (phòng|yêu cầu|phiếu|đơn|kiến nghị)|"
    r"hộ (gia đình|ông|bà)|(ông|bà|nhà ông|nhà bà|anh|chị) \w+ (văn|thị)|yêu cầu của|đề nghị của|mất điện|sự cố|hợp đồng mua bán|đóng điện|cắt điện|ngừng (cung )?cấp điện|ngừng điện|cấp điện|điện yếu|điện áp|aptomat|tba|trạm biến áp|đứt dây|cột điện|đường dây)"
)
_PASSED = r"^(chuyển|kính chuyển|gửi|kính gửi|chuyển tiếp|forward|fyi|nhờ|đề nghị)\b.{0,80}(phối hợp|xử lý|giải quyết|kiểm tra|xem|biết|trả lời|thực hiện|b26|đl|điện lực|đội|tổ)"


def _fold(pattern: str) -> str:
    return unicodedata.normalize("NFD", pattern).translate(MARKS | {ord("Đ"): "D"})


@dataclass(frozen=True, slots=True)
class _Words:
    """One pattern in its two forms, with its weight."""

    exact: re.Pattern[str]
    folded: re.Pattern[str]
    weight: int = 1

    def found(self, sentence: str) -> bool:
        return bool((self.folded if sentence.isascii() else self.exact).search(sentence))


def _words(pattern: str, weight: int = 1) -> _Words:
    exact = unicodedata.normalize("NFC", pattern)
    return _Words(re.compile(exact), re.compile(_fold(pattern)), weight)


_ASKING = tuple(_words(pattern, weight) for weight, pattern in _QUESTIONS)
_PROMISING = tuple(_words(pattern, weight) for weight, pattern in _PARTIALS)
_TELLING = tuple(_words(pattern) for pattern in _ANSWERS)
_FOR, _SOON, _MACHINES = _words(_FOR_CUSTOMER), _words(_FORECAST), _words(_MACHINE)
_AWAY, _CALL, _OFFICE, _MATTER, _PASSING = (_words(one) for one in (_ABSENT, _CONTACT, _INTERNAL, _ABOUT, _PASSED))
_SELF = _words(r"\b(tôi|em|mình|i am|i will|i'm|chúng tôi)\b")
_CODE = re.compile(r"(?<![A-Za-z0-9])P[A-Za-z]\d{2}[A-Za-z0-9 .-]{2,4}\d[\d .-]{5,9}\d(?!\d)")
_AFTER = re.compile(
    r"\b(như sau|nhu sau|sau đây|sau day|sau đó|sau do|(?:^|(?<=[,;:] ))sau khi)\b"
)  # "after" that puts nothing off
_MOST_SENTENCES = 300


def sentences(text: str) -> list[str]:
    """Return the sentences of a text in lower case; typed without diacritics, all are plain ASCII."""
    plain = unicodedata.normalize("NFC", text.lower())
    if not any(ord(char) > 0xBF and char.isalpha() for char in plain):
        plain = plain.encode("ascii", "ignore").decode()
    rows = (
        " ".join(row.split())
        for row in re.split(r"(?<=[!?;])\s+|(?<=[^\d\s]\.)\s+|(?<=\d\.)\s+(?=[a-zđà-ỹ])|\n", plain)
    )
    return [row[:600] for row in rows if row][:_MOST_SENTENCES]


def question_score(rows: Iterable[str]) -> int:
    """How clearly sentences ask the desk for something, 0 to 3; asking it to tell the customer does not count."""
    return max((_best(_ASKING, row) for row in rows if "?" in row or not _FOR.found(row)), default=0)


def partial_score(rows: Iterable[str]) -> int:
    """How clearly sentences put off the rest of the answer or only say that the request arrived, 0 to 2."""
    told = (_AFTER.sub(" ", row) for row in rows if not _FOR.found(row))
    return max((_best(_PROMISING, row) for row in told), default=0)


def answer_score(rows: Iterable[str]) -> int:
    """How many kinds of facts the sentences tell."""
    every = list(rows)
    return sum(any(words.found(row) for row in every) for words in _TELLING)


def is_forecast(rows: Iterable[str]) -> bool:
    """Say whether a time is given by which there is current again: that is an answer though work goes on."""
    return any(_SOON.found(row) for row in rows)


def _best(table: tuple[_Words, ...], row: str) -> int:
    return max((words.weight for words in table if words.found(row)), default=0)


def is_absence_note(rows: list[str]) -> bool:
    """Say whether a text is an absence note or another machine's answer that no header announced."""
    head = " ".join(rows)[:700]
    if _MACHINES.found(head):
        return True
    return _AWAY.found(head[:350]) and _CALL.found(head) and _SELF.found(head[:200]) and sum(map(len, rows)) < 600


def is_internal(rows: Iterable[str]) -> bool:
    """Say whether sentences are about the office itself: rosters, meetings, newsletters, offers."""
    return any(_OFFICE.found(row) for row in rows)


def is_about_ticket(rows: Iterable[str]) -> bool:
    """Say whether sentences speak of a customer, a request or a fault."""
    return any(_MATTER.found(row) for row in rows)


def is_passed_on(rows: list[str]) -> bool:
    """Say whether a text hands a matter to somebody else."""
    return any(_PASSING.found(row) for row in rows[:2])


def has_code(text: str) -> bool:
    """Say whether a text holds something like a customer code."""
    return bool(_CODE.search(text[:20_000]))
