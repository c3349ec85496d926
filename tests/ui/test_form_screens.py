"""Forms on the screen: each question is drawn anew, and what a site wrote is drawn as it stands."""

from __future__ import annotations

from dataclasses import replace

from form_samples import shipped
from PySide6.QtQuick import QQuickItem
from samples import SAMPLES, Stage
from touching import touch
from walking import texts

from kiosk.domain.forms import Field, FieldKind
from kiosk.services.forms.events import Answered
from kiosk.services.forms.view import FormView

NAMES = tuple(Field(name, FieldKind.TEXT, {"en": f"Your {name} name?"}) for name in ("first", "last"))


def typed(stage: Stage) -> str:
    entry = next(one for one in below(stage.window.root()) if one.metaObject().indexOfProperty("typed") >= 0)
    return str(entry.property("typed"))


def below(item: QQuickItem) -> list[QQuickItem]:
    return [item, *(found for child in item.childItems() for found in below(child))]


def test_what_was_typed_for_one_question_is_not_in_the_next_ones_field(stage: Stage) -> None:
    view = FormView(replace(shipped("ticket"), fields=NAMES))
    at = replace(SAMPLES["attract"], step="form", form=view)
    stage.show(at)
    touch(stage, "a")
    touch(stage, "d")
    assert typed(stage) == "Ad"
    touch(stage, "Continue")
    assert stage.asked[-1] == Answered("Ad")
    stage.show(replace(at, form=replace(view, place=1)))
    assert typed(stage) == ""
    stage.show(SAMPLES["attract"])


def test_markup_that_a_site_wrote_is_text(stage: Stage) -> None:
    hostile = "<img src='http://127.0.0.1:9/x.png'> <b>bold</b>"
    form = replace(shipped("ticket"), title={"en": hostile}, fields=(replace(NAMES[0], label={"en": hostile}),))
    stage.show(replace(SAMPLES["attract"], step="form", form=FormView(form)))
    assert any("<b>" in item.property("text").replace("\u00a0", " ") for item in texts(stage.window.root()))
    stage.show(SAMPLES["attract"])
