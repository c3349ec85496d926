"""The faces, and the place where a terminal is put together. Nothing imports it."""
