"""Refunds against a receipt: lines, reason, approval, and the money back to the same card. No Qt, no hardware, no network."""
