"""Voices: what reads the screen aloud."""
