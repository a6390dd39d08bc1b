"""Syllables that people's names in the north of Viet Nam are made of, to tell what a worn or hasty hand wrote.

Common syllables, those of Kinh, Tày-Nùng, Dao and H'Mông names, the most frequent first: of two as near to what was
written, the first is meant. The list proposes; it never makes a reading sure.
"""

import re

_SURNAMES = """
Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Đoàn Trịnh Lâm Mai Đào Trương Tạ Cao Tô
Hà Lương Nông Ma Triệu Hứa Lục Vi Bế Chu Đàm Lèng Lường Lăng Mã Mạc Mạch Hầu Sầm Bàn Phùng Lò Lù Lưu Luân Linh Long
Quan Quách Thạch Tống Tôn Sùng Giàng Vàng Vừ Thào Lầu Mùa Cư Hạng Cháng Chảo Tẩn Phàn Chẩu Ngôn Nình La Lã Lữ Khổng
Kim Kiều Khúc Nghiêm Ninh Phí Phó Tăng Tiêu Từ Uông Vương Viên Bạch Cấn Châu Chử Cù Cung Đồng Đậu Điền Doanh Giáp
Hán Hạ Khuất Lại Lộc Lô Mẫn Ngọc Nhữ Nùng Ông Phương Quảng Sằm Tào Thái Thân Thẩm Thi Tiến Tòng Trang Triều Văn Vòng
Xa Ân Âu
"""
_GIVEN = """
Văn Thị Đức Hữu Ngọc Minh Thanh Quang Xuân Hồng Đình Quốc Mạnh Trọng Công Bích Phương Thu Kim Hùng Dũng Sơn Hải Lan
Hương Huệ Thảo Tuấn Hà Hiếu Thắng Cường Tuyết Mai Hạnh Thủy Thúy Yến Nguyệt Đạt Huyền Trường Giang Phượng Bảo Nghĩa
Vĩnh Trung Kiên Long Nam Phong Tùng Linh Nga Hiền Hoa Hằng Nhung Trang Vân Liên Dung Tâm Bình An Anh Khánh Duy Tiến
Hưng Toàn Thành Việt Vượng Nhàn Chiến Lực Bằng Quỳnh Diệp Ngân Loan Oanh Ánh Ân Ba Bá Bách Bạch Bàng Bảng Bạo Bắc
Biên Biểu Bính Bổng Bộ Bửu Ca Cảnh Cao Cát Căn Cẩm Cầm Cẩn Cần Cấp Chanh Chắt Chân Chấn Châm Châu Chi Chí Chiêm
Chiên Chiêu Chinh Chính Chỉnh Chuẩn Chung Chuyên Chuyền Chương Chức Chướng Cúc Cung Cương Cử Cửu Dân Dần Dậu Diễm
Diên Diễn Diện Diệu Dinh Doan Doanh Duẩn Duyên Duyệt Dự Dư Dựng Dương Dưỡng Đa Đại Đan Đang Đàn Đảm Đào Đáng Đạo Đắc
Đằng Đăng Đặng Đề Đệ Điểm Điền Điện Điệp Điều Điệu Đính Định Đoan Đoàn Đoạt Đô Đồng Đôn Độ Đông Động Đúc Được Đường
Gấm Giao Giáo Giáp Giác Giỏi Giới Hạ Hai Hài Hàm Hàn Hán Hanh Hành Hảo Hào Hạo Hân Hậu Hiên Hiến Hiển Hiện Hiệp Hiểu
Hiệu Hinh Hòa Hoá Hóa Hoài Hoàn Hoan Hoàng Hoạt Hoằng Hoè Hòe Hoạch Hồi Hội Hợi Hợp Huân Huấn Huế Huy Huyên Huyến
Huynh Huỳnh Hường Hướng Hưởng Hựu Ích Kế Kết Khá Khải Khang Khanh Khâm Khiêm Khiết Khiêu Khoa Khoan Khoát Khoái Khôi
Khuê Khuyên Khuyến Khương Kiêm Kiếm Kiệt Kiều Kính Kỳ Kỷ La Lai Lam Lanh Lành Lãm Làn Lạc Lân Lập Lâm Lê Lễ Lệ Lịch
Liễu Liệu Lĩnh Loát Lộc Lợi Luân Luận Luật Luyến Luyện Lương Lượng Lưu Lự Ly Lý Mận Mão Mẫn Mây Mến Miên Miền Mơ Mùi
Mừng Mười Mỹ Năm Ngà Ngát Ngạn Ngần Nghi Nghiêm Nghiệp Nghị Ngoan Ngoãn Ngọ Ngôn Nguyên Nguyện Ngư Nhã Nhạ Nhài Nhẫn
Nhâm Nhân Nhất Nhật Nhi Nhị Nhiên Nhiễu Nho Nhu Nhuận Như Nhường Ninh Nương Nữ Oai Ổn Pha Phan Phán Pháp Phát Phấn
Phi Phiên Phóng Phòng Phú Phúc Phùng Phụng Phước Phường Quan Quán Quảng Quân Quế Quí Quý Quỳ Quy Quyên Quyền Quyến
Quyết Sang Sáng Sao Sáu Sắc Sen Sinh Soan Soát Song Sự Sửu Sùng Sỹ Sĩ Tài Tám Tam Tảo Tạo Tân Tấn Tập Tế Thạch Thái
Tham Thảnh Thám Thao Thạo Thắm Thăng Thân Thấm Thập Thấu Thâu Thế Thể Thêm Thêu Thìn Thinh Thịnh Thiên Thiện Thiết
Thiều Thiệu Thoa Thoan Thoại Thoả Thỏa Thông Thơ Thơm Thời Thuần Thuận Thuấn Thục Thuyên Thuyền Thuyết Thùy Thụy Thư
Thứ Thực Thương Thường Thưởng Thước Tích Tiên Tiền Tiếp Tiệp Tiêu Tín Tính Tình Tỉnh Tĩnh Toan Toán Toản Toại Tố Tôn
Tới Trà Trai Tráng Tranh Trạch Trân Trấn Triển Triết Triều Triệu Trinh Trí Truyền Trúc Trực Trương Trưởng Tú Tuân
Tuất Tuệ Tuyên Tuyến Tuyền Tư Tứ Từ Tự Tường Tưởng Tước Tươi Tý Tỵ Uân Uyên Uyển Út Ước Ưng Vàng Vạn Vang Vấn Vệ Vi
Vị Viên Viện Vinh Vịnh Vĩ Võ Vọng Vui Vũ Vụ Vương Vường Vững Vỹ Xoan Xuyên Xuyến Xứng Yên Ý A Dính Mỷ Páo Pao Seo
Sáo Chúa Dua Dế Dợ Lử Nủ Phử Sính Súa Tủa Xua Chứ Pó Phủ Dê Sấu Sài Phấy Pham Tả Sểnh Khé Giàng Tòng Chòi Lẩy Mán
Coi Kiềm Nải Ghển Pết Phin Liều Vần Sử Xanh Xay Páng Khìn
"""
SURNAMES = tuple(re.findall(r"\w+", _SURNAMES))
GIVEN = tuple(re.findall(r"\w+", _GIVEN))
