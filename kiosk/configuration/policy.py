"""What the central service may set of the configuration: few keys, validated with the whole, kept beside the books, above all layers.

What it sets for every terminal of a store (the policy feed) stands below what it set for this one (orders).
"""

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
STORE_NAME: Final = "store-policy.json"
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
        "accounts.idle_s",
        "accounts.consent",
        "accounts.statement_months",
        "site.age.approval_roles",
    }
)
PROFILE: Final = "terminal.profile"
SETTABLE: Final = RULES | {
    PROFILE,
    "limits.pin_attempts",
    "limits.pin_lock_s",
    "accounts.pin_attempts",
    "accounts.pin_lock_s",
    "accounts.offline_max_age_h",
    "limits.recovery.complete_within_s",
    "site.receipt.merchant_slip",
    "speech.enabled",
    "speech.rate",
    "sync.telemetry_mb",
}


# A lane is opened and closed by an order, which asks whoever stands there; never for a whole store at once.
OF_A_STORE: Final = SETTABLE - {PROFILE}


class Policy:
    """The settings of the central service over `base`, the configuration of the files. `settings` (of this terminal) and `of_store` are
    what is kept now."""

    def __init__(self, base: Configuration, directory: Path) -> None:
        self._base = base
        self._path = directory / NAME
        self._store_path = directory / STORE_NAME
        self.settings: Mapping[str, Json] = _read(self._path)
        self.of_store: Mapping[str, Json] = _read(self._store_path)

    def effective(self) -> Configuration:
        """What holds now. Settings that do not fit any more, after an upgrade, are left out as a whole, and said."""
        for of_store in (self.of_store, {}):
            if not of_store and not self.settings:
                break
            try:
                found = with_settings(self._base, {**of_store, **self.settings})
            except ConfigurationError as error:
                log.error("what the central service set is left out: %s", " ".join(str(error).split("\n")))
            else:
                self.of_store = of_store
                return found
        self.settings, self.of_store = {}, {}
        return self._base

    def changed(self, more: Mapping[str, Json]) -> tuple[dict[str, Json], Configuration]:
        """The settings with `more` in them (None gives a key back to the site's file), and what would hold. Keeps nothing.

        Raises ConfigurationError with everything that is wrong.
        """
        _refuse_unknown(more)
        settings: dict[str, Json] = {**self.settings, **more}
        settings = {key: value for key, value in settings.items() if value is not None}
        return settings, with_settings(self._base, {**self.of_store, **settings})

    def followed(self, of_store: Mapping[str, Json]) -> Configuration:
        """What would hold with `of_store` for the whole store. Keeps nothing. Raises ConfigurationError with everything that is wrong."""
        check_of_store(self._base, of_store)
        return with_settings(self._base, {**of_store, **self.settings})

    def keep(self, settings: Mapping[str, Json]) -> None:
        """From now on these for this terminal, also after a power cut. Raises OSError."""
        _write(self._path, settings)
        self.settings = dict(settings)

    def keep_of_store(self, of_store: Mapping[str, Json]) -> None:
        """From now on these for every terminal of the store, also after a power cut. Raises OSError."""
        _write(self._store_path, of_store)
        self.of_store = dict(of_store)


def check_of_store(base: Configuration, of_store: Mapping[str, Json]) -> None:
    """Raise ConfigurationError unless these may be set for a whole store, and fit `base`."""
    _refuse_unknown(of_store, OF_A_STORE)
    with_settings(base, of_store)


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


def _refuse_unknown(settings: Mapping[str, Json], known: frozenset[str] = SETTABLE) -> None:
    unknown = [key for key in settings if key not in known]
    if unknown:
        words = f"cannot be set from afar; these can: {', '.join(sorted(known))}"
        raise ConfigurationError(_problem(key, words) for key in unknown)


def _problem(key: str, words: str) -> Problem:
    return Problem(Origin(_OF_THE_OFFICE), key, words)


def _write(path: Path, settings: Mapping[str, Json]) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(json.dumps(dict(settings), indent=1, sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _read(path: Path) -> dict[str, Json]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        log.error("%s cannot be read (%s); the files' own settings hold", path, error)
        return {}
    return found if isinstance(found, dict) else {}
