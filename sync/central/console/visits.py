"""A visit: someone's request with what is known of him. And what ends one early."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sync.central.console.people import May, Person


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of `person`. `place` is from its address, `asked` its query, `form` what was sent; all of them data from outside."""

    person: Person
    place: Mapping[str, str]
    asked: Mapping[str, str]
    form: Mapping[str, str]
    now_s: float

    @property
    def store_id(self) -> str:
        """The store that it is about. Raises Ended where the person does not work there."""
        store_id = self.place["store"]
        if not self.person.works_in(store_id):
            raise Ended(404, "console.error.not-found")
        return store_id

    def needs(self, what: May) -> None:
        """Raises Ended where the role does not allow it."""
        if not self.person.may(what):
            raise Ended(403, "console.error.forbidden")

    def field(self, name: str, longest: int = 200) -> str:
        """A field of the form, without control characters. Raises Ended where it is too long."""
        value = self.form.get(name, "").strip()
        if len(value) > longest or any(ord(letter) < 32 or ord(letter) == 127 for letter in value):
            raise Ended(400, "console.error.form")
        return value


class Ended(Exception):  # noqa: N818 - an answer, and no error of the service
    """The visit ends with this status and these words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
