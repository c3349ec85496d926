"""The tour: a terminal visited from outside, by hands on the real window and things held before the virtual scanner."""
