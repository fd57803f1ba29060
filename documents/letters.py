"""Templates about who owes what: the urging letter, the list to the chair, the letter of criticism."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.blocks import GAP, addressees, foot, head, rows, title
from documents.forming import CELL, CELL_CENTRED, write

if TYPE_CHECKING:
    from docx.document import Document

OWED_WIDTHS = (11, 42, 43, 25, 26, 18)
OWED_COLUMNS = (
    "TT",
    "Cơ quan, đơn vị, địa phương",
    "Nội dung phải thực hiện",
    "Thời hạn",
    "Số ngày chậm (ngày làm việc)",
    "Số lần đã đôn đốc",
)

#: What the units have not done, as an urging letter says it: what did not pass its re-inspection is not called late.
_NOT_DONE = (
    "{% if all_failed %}chưa khắc phục xong tồn tại nêu dưới đây, qua phúc tra chưa đạt"
    "{% else %}chưa hoàn thành {% if one_unit %}nội dung sau đây{% else %}nội dung phải thực hiện{% endif %} theo thời hạn quy định"
    "{% if some_failed %} hoặc khắc phục qua phúc tra chưa đạt{% endif %}{% endif %}"
)


def _owed_table(document: Document) -> None:
    cells = (
        ("{{ line.no }}", CELL_CENTRED),
        ("{{ line.unit }}", CELL),
        ("{{ line.owed }}{% if line.found %}: {{ line.found }}{% endif %}{% if line.note %} ({{ line.note }}){% endif %}", CELL),
        ("{{ line.due }}", CELL_CENTRED),
        ("{{ line.late }}", CELL_CENTRED),
        ("{{ line.urged }}", CELL_CENTRED),
    )
    write(document, "", GAP)
    rows(document, OWED_WIDTHS, OWED_COLUMNS, cells, of="lines")


def urging(document: Document) -> None:
    """The urging letter of the standing body: công văn đôn đốc."""
    head(document, about=True)
    addressees(document)
    for begin, words in (("{%p if basis %}", "Thực hiện {{ basis }}, qua theo dõi, "), ("{%p else %}", "Qua theo dõi, ")):
        write(document, begin)
        write(document, f"{words}{{{{ issuer_name }}}} nhận thấy đến ngày {{{{ as_of }}}}, {{{{ whom }}}} {_NOT_DONE}:")
    write(document, "{%p endif %}")
    _owed_table(document)
    write(document, "Để bảo đảm tiến độ, {{ issuer_name }} đề nghị {{ these }}:")
    write(
        document,
        "1. Khẩn trương {% if all_failed %}khắc phục dứt điểm{% else %}hoàn thành{% endif %}, gửi kết quả về {{ issuer_name }}"
        "{% if answer_by %} chậm nhất ngày {{ answer_by }}{% endif %}.",
    )
    write(
        document,
        "2. Báo cáo rõ nguyên nhân {% if all_failed %}khắc phục chưa đạt{% elif some_failed %}chậm, khắc phục chưa đạt{% else %}chậm"
        "{% endif %}, trách nhiệm của tập thể, cá nhân có liên quan. Quá thời hạn trên, "
        "{{ issuer_name }} sẽ tổng hợp, báo cáo cấp có thẩm quyền xem xét theo quy định.",
    )
    write(document, "Đề nghị {{ these }} quan tâm thực hiện./.")
    foot(document)


def list_to_chair(document: Document) -> None:
    """The list of late units to the chair: a report of the standing body."""
    head(document, about=False)
    title(document, "BÁO CÁO")
    addressees(document)
    write(document, "{{ issuer_name }} báo cáo tình hình chậm thực hiện nhiệm vụ{% if basis %} theo {{ basis }}{% endif %} như sau:")
    write(
        document,
        "1. Tính đến ngày {{ as_of }}, {% if one_unit %}{{ whom }} chưa hoàn thành {{ count }} nội dung{% else %}còn {{ units }} cơ quan, "
        "đơn vị, địa phương chưa hoàn thành {{ count }} nội dung{% endif %} phải thực hiện, cụ thể:",
    )
    _owed_table(document)
    write(
        document,
        "2. {% if all_urged %}{{ issuer_name }} đã đôn đốc theo số lần ghi trong bảng trên nhưng đến{% else %}Đến{% endif %} nay "
        "{{ these }} vẫn chưa hoàn thành.",
    )
    write(
        document,
        "3. Kính đề nghị xem xét, chỉ đạo {{ these }} hoàn thành{% if answer_by %} chậm nhất "
        "ngày {{ answer_by }}{% endif %}; trường hợp tiếp tục chậm, xem xét phê bình theo quy định.",
    )
    write(document, "{{ issuer_name }} kính báo cáo./.")
    foot(document)


def criticism(document: Document) -> None:
    """The letter of criticism of the People's Committee: công văn phê bình."""
    head(document, about=True)
    addressees(document)
    write(document, "{%p if basis %}")
    write(
        document,
        "Thực hiện {{ basis }}, {% if all_urged %}mặc dù đã được đôn đốc, {% endif %}đến ngày {{ as_of }} {{ whom }} "
        "vẫn chưa hoàn thành {% if one_unit %}nội dung sau đây{% else %}nội dung phải thực hiện{% endif %}:",
    )
    write(document, "{%p else %}")
    write(
        document,
        "{% if all_urged %}Mặc dù đã được đôn đốc, đến{% else %}Đến{% endif %} ngày {{ as_of }} {{ whom }} "
        "vẫn chưa hoàn thành {% if one_unit %}nội dung sau đây{% else %}nội dung phải thực hiện{% endif %}:",
    )
    write(document, "{%p endif %}")
    _owed_table(document)
    write(document, "{{ issuer_name }} phê bình người đứng đầu {{ these }} và yêu cầu:")
    write(
        document,
        "1. Hoàn thành các nội dung nêu trên{% if answer_by %} chậm nhất ngày {{ answer_by }}{% endif %}; kiểm điểm, làm rõ "
        "trách nhiệm của tập thể, cá nhân có liên quan và báo cáo kết quả.",
    )
    write(
        document,
        "2. Kết quả thực hiện là căn cứ đánh giá, xếp loại mức độ hoàn thành nhiệm vụ của "
        "{% if one_unit %}{{ these }}{% else %}cơ quan, đơn vị, địa phương{% endif %} và của người đứng đầu.",
    )
    write(document, "Yêu cầu {{ these }} nghiêm túc thực hiện./.")
    foot(document)
