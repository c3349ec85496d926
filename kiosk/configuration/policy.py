"""What the central service may set of the configuration: few keys, validated with the whole, kept beside the books, above all layers."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from kiosk.configuration.layers import Origin
from kiosk.configuration.loading import ConfigurationError, Problem
from kiosk.configuration.refusals import explain
from kiosk.configuration.schema import Configuration
from kiosk.domain.facts import Json

log = logging.getLogger(__name__)

NAME: Final = "policy.json"
_OF_THE_OFFICE: Final = "the central service"

# Nothing of it moves money, names a device, a place or a key, or shows other words. What is not in RULES waits for the next start.
RULES: Final = frozenset(
    {
        "limits.basket_lines",
        "limits.line_count",
        "limits.payment_max_minor",
        "limits.offline_voucher_minor",
        "timeouts.idle_s",
        "timeouts.countdown_s",
        "timeouts.thank_you_s",
        "timeouts.message_s",
        "timeouts.staff_s",
        "site.age.approval_roles",
    }
)
SETTABLE: Final = RULES | {
    "terminal.profile",
    "limits.pin_attempts",
    "limits.pin_lock_s",
    "limits.recovery.complete_within_s",
    "site.receipt.merchant_slip",
    "speech.enabled",
    "speech.rate",
    "sync.telemetry_mb",
}


class Policy:
    """The settings of the central service over `base`, the configuration of the files. `settings` is what is kept now."""

    def __init__(self, base: Configuration, directory: Path) -> None:
        self._base = base
        self._path = directory / NAME
        self.settings: Mapping[str, Json] = _read(self._path)

    def effective(self) -> Configuration:
        """What holds now. Settings that do not fit any more, after an upgrade, are left out as a whole, and said."""
        if not self.settings:
            return self._base
        try:
            return with_settings(self._base, self.settings)
        except ConfigurationError as error:
            log.error("what the central service set is left out: %s", " ".join(str(error).split("\n")))
            self.settings = {}
            return self._base

    def changed(self, more: Mapping[str, Json]) -> tuple[dict[str, Json], Configuration]:
        """The settings with `more` in them (None gives a key back to the site's file), and what would hold. Keeps nothing.

        Raises ConfigurationError with everything that is wrong.
        """
        _refuse_unknown(more)
        settings: dict[str, Json] = {**self.settings, **more}
        settings = {key: value for key, value in settings.items() if value is not None}
        return settings, with_settings(self._base, settings)

    def keep(self, settings: Mapping[str, Json]) -> None:
        """From now on these, also after a power cut. Raises OSError."""
        fresh = self._path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(json.dumps(dict(settings), indent=1, sort_keys=True) + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        self.settings = dict(settings)


def with_settings(base: Configuration, settings: Mapping[str, Json]) -> Configuration:
    """`base` with `settings` (dotted key -> value), validated whole as a file is. Raises ConfigurationError."""
    _refuse_unknown(settings)
    whole = base.model_dump(mode="json")
    for key, value in settings.items():
        *path, last = key.split(".")
        table: dict[str, Any] = whole
        for part in path:
            table = table[part]
        table[last] = value
    try:
        return Configuration.model_validate_json(json.dumps(whole), strict=True)
    except ValidationError as error:
        raise ConfigurationError(
            _problem(".".join(map(str, detail["loc"])), explain(Configuration, detail["loc"], detail))
            for detail in error.errors(include_url=False, include_context=True)
        ) from None


def _refuse_unknown(settings: Mapping[str, Json]) -> None:
    unknown = [key for key in settings if key not in SETTABLE]
    if unknown:
        words = f"cannot be set from afar; these can: {', '.join(sorted(SETTABLE))}"
        raise ConfigurationError(_problem(key, words) for key in unknown)


def _problem(key: str, words: str) -> Problem:
    return Problem(Origin(_OF_THE_OFFICE), key, words)


def _read(path: Path) -> dict[str, Json]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        log.error("%s cannot be read (%s); the files' own settings hold", path, error)
        return {}
    return found if isinstance(found, dict) else {}
