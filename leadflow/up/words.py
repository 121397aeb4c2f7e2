"""What the launcher says on the terminal: Vietnamese, then English in a few words."""

import contextlib
import sys

SENTENCES = {
    "running": "LeadFlow đang chạy tại {url}  (running; Ctrl-C để dừng / to stop)",
    "already": "LeadFlow đã chạy sẵn: already running at {url}",
    "servers": "Khởi động PostgreSQL và Valkey…  (starting embedded servers)",
    "database": "Chuẩn bị cơ sở dữ liệu, lần đầu mất khoảng một phút…  (preparing the database)",
    "programs": "Khởi động web, worker, beat…  (starting the programs)",
    "port": "Cổng {taken} đang bận, LeadFlow dùng cổng {port}  (port {taken} is taken, using {port})",
    "died": "{name} đã dừng (mã {code}), khởi động lại sau {seconds:.1f} giây  ({name} ended, restarting)",
    "failed": "Không khởi động được: {error}",
    "stopping": "Đang dừng…  (stopping)",
    "stopped": "Đã dừng.  (stopped)",
    "logins": "Đăng nhập thử, mật khẩu / demo logins, password: leadflow-demo",
}
LOGINS = {
    "marketer@leadflow.example": "Marketing",
    "rep@leadflow.example": "Sales (rep)",
    "lead@leadflow.example": "Trưởng nhóm Sales (team lead)",
    "manager.marketing@leadflow.example": "Quản lý Marketing",
    "manager.sales@leadflow.example": "Quản lý Sales",
    "admin@leadflow.example": "Quản trị (administrator)",
}


def say(sentence: str, **values: object) -> None:
    _write(SENTENCES[sentence].format(**values))


def say_logins() -> None:
    say("logins")
    for email, role in LOGINS.items():
        _write(f"    {email:36} {role}")


def _write(line: str) -> None:
    with contextlib.suppress(OSError):  # a closed terminal must not keep the launcher from its work
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
