"""Paying bills: a code shown or typed, what it is and what is owed, then into the basket. No Qt, no hardware, no network."""
