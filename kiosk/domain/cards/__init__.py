"""Members' and account holders' cards: how a card's data say whose it is, and which cards are not for us to read. Pure."""
