"""Syllables that people's names in the north of Viet Nam are made of, to tell what a worn or hasty hand wrote.

A list of common syllables, Kinh and Tày-Nùng, Dao, H'Mông names among them. It proposes; it never makes a reading sure.
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
An Anh Ánh Ân Ba Bá Bách Bạch Bàng Bảng Bạo Bảo Bắc Bằng Biên Bích Biểu Bình Bính Bổng Bộ Bửu Ca Cảnh Cao Cát Căn
Cẩm Cầm Cẩn Cần Cấp Chanh Chắt Chân Chấn Châm Châu Chi Chí Chiêm Chiên Chiến Chiêu Chinh Chính Chỉnh Chuẩn Chung
Chuyên Chuyền Chương Chức Chướng Công Cúc Cung Cương Cường Cử Cửu Dân Dần Dậu Diễm Diên Diễn Diện Diệp Diệu Dinh
Doan Doanh Duẩn Dung Dũng Duy Duyên Duyệt Dự Dư Dựng Dương Dưỡng Đa Đại Đan Đang Đàn Đảm Đào Đáng Đạo Đạt Đắc Đằng
Đăng Đặng Đề Đệ Điểm Điền Điện Điệp Điều Điệu Đính Đình Định Đoan Đoàn Đoạt Đô Đồng Đôn Độ Đông Động Đúc Đức Được
Đường Gấm Giang Giao Giáo Giáp Giác Giỏi Giới Hà Hạ Hai Hải Hài Hàm Hàn Hán Hạnh Hanh Hành Hảo Hào Hạo Hằng Hân Hậu
Hiên Hiến Hiền Hiển Hiện Hiệp Hiếu Hiểu Hiệu Hinh Hoa Hòa Hoá Hóa Hoài Hoàn Hoan Hoàng Hoạt Hoằng Hoè Hòe Hoạch Hồi
Hội Hồng Hợi Hợp Huân Huấn Huệ Huế Hùng Huy Huyên Huyền Huyến Huynh Huỳnh Hưng Hương Hường Hướng Hưởng Hữu Hựu Ích
Kế Kết Khá Khải Khang Khanh Khánh Khâm Khiêm Khiết Khiêu Khoa Khoan Khoát Khoái Khôi Khuê Khuyên Khuyến Khương Kiêm
Kiếm Kiên Kiệt Kiều Kim Kính Kỳ Kỷ La Lai Lam Lan Lanh Lành Lãm Làn Lạc Lân Lập Lâm Lê Lễ Lệ Lịch Liên Liễu Liệu
Linh Lĩnh Loan Loát Long Lộc Lợi Luân Luận Luật Luyến Luyện Lương Lượng Lưu Lự Lực Ly Lý Mai Mận Mão Mạnh Mẫn Mây
Mến Miên Miền Minh Mơ Mùi Mừng Mười Mỹ Nam Năm Nga Ngà Ngát Ngạn Ngân Ngần Nghi Nghĩa Nghiêm Nghiệp Nghị Ngoan Ngoãn
Ngọ Ngọc Ngôn Nguyên Nguyện Nguyệt Ngư Nhã Nhạ Nhài Nhàn Nhẫn Nhâm Nhân Nhất Nhật Nhi Nhị Nhiên Nhiễu Nho Nhu Nhung
Nhuận Như Nhường Ninh Nương Nữ Oai Oanh Ổn Pha Phan Phán Pháp Phát Phấn Phi Phiên Phong Phóng Phòng Phú Phúc Phùng
Phụng Phước Phương Phường Phượng Quan Quán Quang Quảng Quân Quế Quí Quý Quốc Quỳ Quy Quyên Quyền Quyến Quyết Quỳnh
Sang Sáng Sao Sáu Sắc Sen Sinh Soan Soát Song Sơn Sự Sửu Sùng Sỹ Sĩ Tài Tám Tam Tảo Tạo Tâm Tân Tấn Tập Tế Thạch
Thái Tham Thanh Thành Thảnh Thám Thao Thảo Thạo Thắm Thắng Thăng Thân Thấm Thập Thấu Thâu Thế Thể Thêm Thêu Thi Thị
Thìn Thinh Thịnh Thiên Thiện Thiết Thiều Thiệu Thoa Thoan Thoại Thoả Thỏa Thông Thơ Thơm Thời Thu Thuần Thuận Thuấn
Thục Thuyên Thuyền Thuyết Thúy Thùy Thủy Thụy Thư Thứ Thực Thương Thường Thưởng Thước Tích Tiên Tiến Tiền Tiếp Tiệp
Tiêu Tín Tính Tình Tỉnh Tĩnh Toan Toán Toàn Toản Toại Tố Tôn Tới Trà Trai Trang Tráng Tranh Trạch Trân Trấn Triển
Triết Triều Triệu Trinh Trí Trọng Trung Truyền Trúc Trực Trương Trường Trưởng Tú Tuân Tuấn Tuất Tuệ Tùng Tuyên Tuyến
Tuyền Tuyết Tư Tứ Từ Tự Tường Tưởng Tước Tươi Tý Tỵ Uân Uyên Uyển Út Ước Ưng Vàng Vạn Vang Văn Vân Vấn Vệ Vi Vị Viên
Viện Việt Vinh Vĩnh Vịnh Vĩ Võ Vọng Vui Vũ Vụ Vương Vường Vượng Vững Vỹ Xoan Xuân Xuyên Xuyến Xứng Yên Yến Ý
A Dính Mỷ Páo Pao Seo Sáo Chúa Dua Dế Dợ Lử Nủ Phử Sính Súa Tủa Xua Chứ Pó Phủ Dê Sấu Sài Chiêu Phấy Pham Tả Mùi Sểnh
Khé Giàng Tòng Chòi Lẩy Mán Coi Kiềm Nải Sinh Ghển Pết Phin Liều Vần Sử Xanh Xay Páng Khìn
"""
SURNAMES = tuple(re.findall(r"\w+", _SURNAMES))
GIVEN = tuple(re.findall(r"\w+", _GIVEN))
