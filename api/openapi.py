"""What the OpenAPI document must know about our keys and scopes; imported when the app starts."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from api.callers import Need


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002 - its signature
        return {"type": "http", "scheme": "bearer", "bearerFormat": "lf_<prefix>_<secret>"}


class ContractSchema(AutoSchema):
    """Each operation says which scope its key needs, as the view declares it."""

    def get_description(self) -> str:  # type: ignore[override] # as its base class really has it
        need: Need | None = getattr(self.view, "needs", {}).get(self.method.upper())
        return f"Scope: `{need.scope}`" if need and need.scope else "Any key"


def lesser_parts(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """A hook of the document's maker: an acknowledgement is a part of the lead that others see, so both may fit."""
    for schema in result["components"]["schemas"].values():
        if "oneOf" in schema:
            schema["anyOf"] = schema.pop("oneOf")
    return result
