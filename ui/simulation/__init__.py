"""Plays what can go wrong on the line to the central service: both ends as processes, killed at any moment; then proves."""
