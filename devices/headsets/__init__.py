"""Headset jacks: what tells that someone listens in private."""
