"""Self-checkout: scan, pay, receipt. `journey.py` is the table; the other files hold the decisions it names, and `register.py` runs it."""
