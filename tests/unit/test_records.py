"""The quick dataclasses are the standard ones to whoever uses them."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints

import pytest

from kiosk.domain import records

STANDARD, QUICK = dataclasses.dataclass, records.dataclass


def made(dataclass: Callable[..., Any]) -> Any:
    @dataclass(frozen=True, slots=True)
    class Line:
        """A line."""

        code: str
        count: int = 1
        labels: Mapping[str, str] = dataclasses.field(default_factory=dict, hash=False)
        secret: str = dataclasses.field(default="", repr=False)
        place: int = dataclasses.field(default=0, compare=False)
        total: int = dataclasses.field(init=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "total", self.count * 2)

    return Line


@pytest.mark.parametrize("dataclass", [STANDARD, QUICK], ids=["standard", "quick"])
def test_a_record_is_made_compared_shown_copied_and_kept_from_change(dataclass: Callable[..., Any]) -> None:
    line_class = made(dataclass)
    line = line_class("A", 2, secret="pin", place=4)
    assert repr(line).endswith("Line(code='A', count=2, labels={}, place=4, total=4)")
    assert line == line_class("A", count=2, secret="pin", place=5)
    assert hash(line) == hash(line_class("A", 2, {"de": "x"}, "pin"))
    assert line != line_class("A", 3)
    assert line != ("A", 2)
    assert line_class("A").labels is not line_class("A").labels
    assert dataclasses.replace(line, count=5).total == 10
    assert dataclasses.asdict(line)["code"] == "A"
    assert copy.copy(line) == copy.deepcopy(line) == line
    assert line_class.__match_args__ == ("code", "count", "labels", "secret", "place")
    assert list(get_type_hints(line_class.__init__)) == ["code", "count", "labels", "secret", "place", "return"]
    assert line_class.__dataclass_params__.frozen
    for change in (lambda: setattr(line, "count", 9), lambda: delattr(line, "count"), lambda: setattr(line, "new", 9)):
        with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):
            change()
    with pytest.raises(TypeError):
        line_class()


def test_a_record_without_fields_equals_its_like_only() -> None:
    @QUICK(frozen=True, slots=True)
    class Nothing:
        """Nothing."""

    @QUICK(frozen=True, slots=True)
    class Other:
        """Nothing else."""

    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())
    assert Nothing() != Other()


def test_what_is_not_frozen_is_a_standard_one() -> None:
    @QUICK(slots=True)
    class Open:
        """May change."""

        count: int = 0

    box = Open()
    box.count = 3
    assert box == Open(3)
