"""The faces, and the place where a terminal is put together. Nothing imports it."""

from ui.immortal import keep_constants_alive

keep_constants_alive()  # before the first call into Qt, which only this package makes
