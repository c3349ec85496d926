"""Accounts: who is there, what is on the account, who tried too often. Knows a core by its connector; nothing of the console."""
