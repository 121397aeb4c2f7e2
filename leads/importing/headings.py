"""How people head their columns, in Vietnamese and English: folded, letters and digits only."""

_SAID = {
    "name": """
        ho ten, ho va ten, ten khach hang, ten day du, khach hang, ten lien he, nguoi lien he, ho ten khach
        hang, name, full name, fullname, contact name, customer name, lead name, ten lead, ten
    """,
    "family_name": "ho, ho va ten dem, ho dem, last name, family name, surname",
    "given_name": "ten goi, first name, given name",
    "phone": """
        dien thoai, so dien thoai, sdt, so dt, dt, di dong, dien thoai di dong, so di dong, mobile, phone,
        phone number, mobile phone, tel, telephone, hotline, so phone, contact phone, zalo, cell
    """,
    "email": "email, e mail, dia chi email, mail, email address, thu dien tu, contact email",
    "company": """
        cong ty, ten cong ty, company, company name, organization, to chuc, account name, don vi, doanh
        nghiep, organisation
    """,
    "title": "chuc danh, chuc vu, title, job title, vi tri, position, what is your current occupation",
    "company_size": "quy mo, quy mo cong ty, so nhan vien, so nhan su, company size, employees, headcount",
    "city": """
        thanh pho, tinh thanh, tinh, tinh thanh pho, khu vuc, city, province, location, dia phuong
    """,
    "product": """
        san pham, san pham quan tam, dich vu, product, service, quan tam, business segment, khoa hoc
    """,
    "source": """
        nguon, nguon lead, nguon khach hang, kenh, source, lead source, origin, channel, utm source, nen
        tang, platform
    """,
    "campaign": """
        chien dich, ten chien dich, campaign, campaign name, utm campaign, landing page, landing page id,
        landing page url
    """,
    "external_id": """
        ma, ma lead, ma khach hang, ma kh, id, lead id, external id, mql id, customer id, crm id, prospect
        id, record id, contact id, ma ngoai
    """,
    "note": "ghi chu, noi dung, note, notes, comment, message, loi nhan, mo ta, description, nhu cau",
    "tags": "the, nhan, tag, tags, label, labels",
    "occurred_at": "ngay gui, thoi gian gui, submitted at, thoi diem, timestamp, ngay dang ky",
    "created_at": """
        ngay tao, ngay nhap, ngay den, ngay tiep nhan, created at, created date, create date, date created,
        first contact, ngay lien he dau, thoi gian tao, ngay dang ky
    """,
    "mql_at": """
        ngay mql, thanh mql, mql at, mql date, became mql, first contact date, ngay ban giao, ngay chuyen
        sales
    """,
    "owner": """
        nguoi phu trach, phu trach, nhan vien, sale, sales, owner, assigned to, nguoi cham soc, sales rep,
        nvkd
    """,
    "outcome": "ket qua, ket qua ban giao, outcome, result, verdict, trang thai ban giao",
    "reason": "ly do, ly do that bai, reason, loss reason, lost reason, ly do tu choi",
    "decided_at": """
        ngay quyet dinh, ngay ket luan, decided at, decision date, ngay sql, sql date, accepted date
    """,
    "won_at": """
        ngay chot, ngay ky, ngay ky hop dong, won date, won at, close date, closed date, closed at, ngay
        mua, ngay thang
    """,
    "amount": """
        gia tri, gia tri hop dong, so tien, doanh thu, doanh so, amount, revenue, deal value, contract
        value, value, chi phi, cost, spend, amount spent, so tien da chi tieu, declared monthly revenue,
        ngan sach da tieu
    """,
    "day": "ngay, day, date, ngay chay, ngay bao cao, reporting starts",
    "utm_medium": "utm medium, medium",
    "utm_term": "utm term, tu khoa, keyword, term",
    "utm_content": "utm content, noi dung quang cao",
}
HEADINGS = {name: frozenset(" ".join(word.split()) for word in said.split(",")) for name, said in _SAID.items()}
