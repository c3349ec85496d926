"""What every view-model is: named values that the screen shows, all told anew by one signal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Property, QObject, Signal

Post = Callable[[object], None]


class Shown(QObject):
    """Holds values by name; `show` replaces some and tells the screen once, if anything differs.

    A subclass names its own `changed` signal (Qt finds a property's signal in its own class only) and its `shown` properties.
    """

    changed: Signal

    def __init__(self, parent: QObject | None = None, **values: Any) -> None:
        super().__init__(parent)
        self._first = dict(values)
        self._values = dict(values)

    def show(self, **values: Any) -> None:
        """Show these values from now on. Raises KeyError for a name that this view-model does not have."""
        unknown = values.keys() - self._values.keys()
        if unknown:
            raise KeyError(f"{type(self).__name__} does not show {', '.join(sorted(unknown))}")
        if any(self._values[name] != value for name, value in values.items()):
            self._values.update(values)
            self.changed.emit()

    def value(self, name: str) -> Any:
        """What is shown under `name`."""
        return self._values[name]

    def forget(self) -> None:
        """Show nothing of the customer's any more: every value as it was at the start."""
        self.show(**self._first)


def shown(kind: type | str, name: str, changed: Signal) -> Property:
    """A property of a `Shown`: the value `name`, of the Qt type `kind`, told anew by `changed`."""

    def read(self: Shown) -> Any:
        return self.value(name)

    read.__annotations__["return"] = kind
    return Property(kind, read, notify=changed)  # type: ignore[arg-type] # the stubs know no Qt type by its name


def part(kind: type, name: str) -> Any:
    """A property that holds another view-model for life, in the attribute `_name`."""

    def read(self: QObject) -> Any:
        return getattr(self, f"_{name}")

    read.__annotations__["return"] = kind
    # Qt knows no pointer to a class of Python's own; `typeinfo` reads the class from the annotation.
    return Property(QObject, read, constant=True)
