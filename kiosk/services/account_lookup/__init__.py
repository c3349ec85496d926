"""Looking up an account: who is there, what they may see, what they ask for. No Qt, no hardware, no network."""
