"""The terminal's configuration: what its keys are, where they come from, and everything that is wrong with them at once."""

from __future__ import annotations

from kiosk.configuration.layers import Origin
from kiosk.configuration.loading import (
    DEFAULT_FILE,
    PROJECT_ROOT,
    ConfigurationError,
    DeviceCheck,
    Loaded,
    Problem,
    data_directory,
    load,
    load_or_last_good,
)
from kiosk.configuration.policy import Policy
from kiosk.configuration.schema import LANGUAGES, Configuration, DeviceSettings, ThemeSettings

__all__ = [
    "DEFAULT_FILE",
    "LANGUAGES",
    "PROJECT_ROOT",
    "Configuration",
    "ConfigurationError",
    "DeviceCheck",
    "DeviceSettings",
    "Loaded",
    "Origin",
    "Policy",
    "Problem",
    "ThemeSettings",
    "data_directory",
    "load",
    "load_or_last_good",
]
