"""Forms that customers sent, for a back office, in the order in which they changed: sent, called, done."""

from __future__ import annotations

from sqlalchemy import Connection

from sync.central import forms
from sync.central.backoffice.models import FormAnswer, FormPage, FormSent


def page(connection: Connection, store_id: str, after: int, limit: int) -> FormPage:
    """Forms with a number behind `after`."""
    found = [
        FormSent(
            cursor=one.cursor,
            store_id=store_id,
            terminal_id=one.terminal_id,
            submission_id=one.submission_id,
            form=one.form,
            title=one.title,
            number=one.number,
            at=one.at,
            slot=one.slot,
            is_fixed=one.is_fixed,
            state=one.state,
            who=one.who,
            answers=[FormAnswer(label=each.label, answer=each.shown, is_private=each.private) for each in one.answers],
        )
        for one in forms.page(connection, store_id, after, limit)
    ]
    return FormPage(forms=found, next=found[-1].cursor if found else after, done=len(found) < limit)
