"""What the OpenAPI documents say of bodies that are read by hand, for they are signed as sent or bounded before they are read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel

_REF: Final = "#/components/schemas/{model}"


def takes(model: type[BaseModel]) -> dict[str, Any]:
    """The body of an operation, for `openapi_extra`; `describe` must be told of the model."""
    schema = {"$ref": _REF.format(model=model.__name__)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def describe(api: FastAPI, models: Iterable[type[BaseModel]], *, without: Iterable[str] = ()) -> None:
    """Put `models`, and what they are made of, among the document's schemas; leave those `without`."""
    usual = api.openapi

    def whole() -> dict[str, Any]:
        if api.openapi_schema is None:
            found = usual()
            schemas = found["components"]["schemas"]
            for model in models:
                schema = model.model_json_schema(ref_template=_REF)
                for name, part in schema.pop("$defs", {}).items():
                    schemas.setdefault(name, part)
                schemas[model.__name__] = schema
            for name in without:
                schemas.pop(name, None)
            api.openapi_schema = found
        return api.openapi_schema

    api.openapi = whole  # type: ignore[method-assign] # FastAPI's own way to extend the document
