"""The pure ground: money, items, scans, prices, payment, journeys. Imports the standard library only."""
