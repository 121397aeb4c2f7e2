"""How a page answers: the same act by htmx (fragment, toast) and by a plain form (redirect, message)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import trigger_client_event


def by_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def done(request: HttpRequest, text: str, *, back: str, undo: str = "") -> HttpResponse:
    """It happened. htmx: a toast, the dialog closes, the page's parts reload; else a message on the page `back`.

    A POST to the address `undo` takes it back; the toast offers it.
    """
    if not by_htmx(request):
        messages.success(request, text)
        return redirect(back)
    response = HttpResponse(status=204)
    for name, detail in (
        ("toast", {"level": "success", "text": text, **({"undo": undo} if undo else {})}),
        ("close-dialog", {}),
        ("lead-changed", {}),
    ):
        trigger_client_event(response, name, detail)
    return response


def ask(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A form on its own: a dialog for htmx, a page for everybody else. The context brings title, icon and back."""
    frame = "leads/asked_dialog.html" if by_htmx(request) else "leads/asked_page.html"
    return render(request, frame, {"form_template": template, **context}, status=status)
