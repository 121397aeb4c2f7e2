"""What a person reads when a request breaks."""

import errno

import pytest
from django.core.handlers.exception import convert_exception_to_response
from django.db import InterfaceError, OperationalError
from django.test import RequestFactory
from django.utils import translation


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OperationalError("server closed the connection"), 503, "Cơ sở dữ liệu"),
        (InterfaceError("connection already closed"), 503, "Cơ sở dữ liệu"),
        (OSError(errno.ENOSPC, "No space left on device"), 503, "Ổ đĩa máy chủ đã đầy"),
        (OSError(errno.EIO, "I/O error"), 500, "Hệ thống vừa gặp lỗi"),
        (RuntimeError("a mistake of ours"), 500, "Hệ thống vừa gặp lỗi"),
    ],
)
def test_what_will_pass_is_told_apart_from_what_is_broken(error, status, words):
    def view(_request):
        raise error

    with translation.override("vi"):
        answer = convert_exception_to_response(view)(RequestFactory().get("/leads/"))
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert answer.headers.get("Retry-After") == ("10" if status == 503 else None)
    assert str(error) not in answer.content.decode()
