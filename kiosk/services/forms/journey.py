"""Filling in a form, from top to bottom as the customer walks it: the steps, what each accepts, and where each leads."""

from __future__ import annotations

from kiosk.domain.journey import Step

STEPS: tuple[Step, ...] = ()
