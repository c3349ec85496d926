"""Billers: how a bill stands with them, and telling them what was paid. Imports nothing of the console and the back office."""
