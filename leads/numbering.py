"""Vietnam's numbering plan as plain tables: who was given a mobile prefix, where an area code lies.

Sources: Circular 22/2014/TT-BTTTT and its amendments (plan), the 2018 change of 11-digit mobile numbers and
the 2017 change of area codes by the Ministry of Information and Communications. Area codes kept the names of
the provinces they were given to; the mergers of 2025 did not change a code.
"""

# National digits without the leading 0, ten of them before 2018, nine after.
OLD_MOBILE = {
    **{f"16{n}": f"3{n}" for n in range(2, 10)},
    "120": "70", "121": "79", "122": "77", "126": "76", "128": "78",
    "123": "83", "124": "84", "125": "85", "127": "81", "129": "82",
    "186": "56", "188": "58", "199": "59",
}  # fmt: skip

_CARRIERS = {
    "Viettel": "32 33 34 35 36 37 38 39 86 96 97 98",
    "VinaPhone": "81 82 83 84 85 88 91 94",
    "MobiFone": "70 76 77 78 79 89 90 93",
    "Vietnamobile": "52 56 58 92",
    "Gmobile": "59 99",
    "iTel": "87",
    "Wintel": "55",
}
CARRIER_OF = {prefix: name for name, prefixes in _CARRIERS.items() for prefix in prefixes.split()}

REGION_OF = {
    "203": "Quảng Ninh", "204": "Bắc Giang", "205": "Lạng Sơn", "206": "Cao Bằng", "207": "Tuyên Quang",
    "208": "Thái Nguyên", "209": "Bắc Kạn", "210": "Phú Thọ", "211": "Vĩnh Phúc", "212": "Sơn La",
    "213": "Lai Châu", "214": "Lào Cai", "215": "Điện Biên", "216": "Yên Bái", "218": "Hòa Bình",
    "219": "Hà Giang", "220": "Hải Dương", "221": "Hưng Yên", "222": "Bắc Ninh", "225": "Hải Phòng",
    "226": "Hà Nam", "227": "Thái Bình", "228": "Nam Định", "229": "Ninh Bình", "232": "Quảng Bình",
    "233": "Quảng Trị", "234": "Thừa Thiên Huế", "235": "Quảng Nam", "236": "Đà Nẵng", "237": "Thanh Hóa",
    "238": "Nghệ An", "239": "Hà Tĩnh", "24": "Hà Nội", "251": "Đồng Nai", "252": "Bình Thuận",
    "254": "Bà Rịa - Vũng Tàu", "255": "Quảng Ngãi", "256": "Bình Định", "257": "Phú Yên",
    "258": "Khánh Hòa", "259": "Ninh Thuận", "260": "Kon Tum", "261": "Đắk Lắk", "262": "Đắk Nông",
    "263": "Lâm Đồng", "269": "Gia Lai", "270": "Vĩnh Long", "271": "Bình Phước", "272": "Long An",
    "273": "Tiền Giang", "274": "Bình Dương", "275": "Bến Tre", "276": "Tây Ninh", "277": "Đồng Tháp",
    "28": "TP. Hồ Chí Minh", "290": "Cà Mau", "291": "Bạc Liêu", "292": "Cần Thơ", "293": "Hậu Giang",
    "294": "Trà Vinh", "296": "An Giang", "297": "Kiên Giang", "299": "Sóc Trăng",
}  # fmt: skip
