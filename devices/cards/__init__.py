"""Drivers of readers for members' and account holders' cards, a file each. Payment cards are told and dropped here, unread."""
