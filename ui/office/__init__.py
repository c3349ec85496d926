"""A central service beside the terminal, to try things out with: its process, a line that can be cut, and what arrived there."""
