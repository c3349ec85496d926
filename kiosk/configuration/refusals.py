"""Says what is wrong with a value and what is allowed, in one plain line for the person who wrote the file."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from kiosk.configuration.toml_lines import KeyPath

_TYPES = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list in square brackets",
    "dict_type": "a table",
    "model_type": "a table of its own keys",
    "int_from_float": "a whole number",
    "finite_number": "a finite number",
}

_PATTERNS = {
    r"^[A-Z]{3}$": 'three capital letters, such as "EUR"',
    r"^[A-Z]{2}$": 'two capital letters, such as "DE"',
    r"^#[0-9A-Fa-f]{6}$": 'a colour such as "#0C5C45"',
    r"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$": "1 to 32 letters, digits and dashes",
    r"^[A-Za-z][A-Za-z0-9-]{0,11}$": "1 to 12 letters, digits and dashes, beginning with a letter",
    r"^[a-z][a-z0-9-]{0,31}$": "a name in small letters, digits and dashes",
    r"^(checkout|bills|account|refund|form:[a-z][a-z0-9-]{0,31})$": "checkout, bills, account, refund or form:NAME",
    r"^[A-Z]{0,3}$": "up to three capital letters",
    r"^[a-z0-9-]{0,32}$": "the name of a picture, or empty",
    r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$": 'the code of a language, such as "en"',
    r"^[A-Za-z0-9][A-Za-z0-9.-]{0,31}$": "1 to 32 letters, digits, points and dashes",
}


def explain(model: type[BaseModel], path: KeyPath, detail: ErrorDetails) -> str:
    """What pydantic's `detail` about the value at `path` of `model` means, with the value that was found."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(model, path)
    if kind == "missing":
        return "is missing"
    return f"{_allowed(kind, context, detail['msg'])}; found {_shown(detail['input'])}"


def _allowed(kind: str, context: Mapping[str, Any], message: str) -> str:
    if kind in _TYPES:
        return f"must be {_TYPES[kind]}"
    if kind == "literal_error":
        return f"must be {context['expected']}"
    if kind == "string_pattern_mismatch":
        return f"must be {_PATTERNS[context['pattern']]}"
    if kind == "value_error":
        return str(context["error"])
    return _bound(kind, context) or message


def _bound(kind: str, context: Mapping[str, Any]) -> str:
    match kind:
        case "greater_than_equal":
            return f"must be {context['ge']} or more"
        case "greater_than":
            return f"must be more than {context['gt']}"
        case "less_than_equal":
            return f"must be {context['le']} or less"
        case "too_short":
            return f"must hold {context['min_length']} or more"
        case "too_long":
            return f"must hold {context['max_length']} or fewer"
        case "string_too_short":
            return f"must have {context['min_length']} or more letters"
        case "string_too_long":
            return f"must have {context['max_length']} or fewer letters"
    return ""


def _unknown_key(model: type[BaseModel], path: KeyPath) -> str:
    known = list(_model_at(model, path[:-1]).model_fields)
    near = difflib.get_close_matches(str(path[-1]), known, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    return f"is not a key; {hint}allowed here: {', '.join(known)}"


def _model_at(model: type[BaseModel], path: KeyPath) -> type[BaseModel]:
    for part in path:
        if isinstance(part, int):  # a place in a list: its model was found with the list
            continue
        inner: Any = model.model_fields[part].annotation
        inner = next((each for each in get_args(inner) if isinstance(each, type)), inner)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            model = inner
    return model


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f'"{value}"' if isinstance(value, str) else "a table" if isinstance(value, dict) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."
