"""The far side of each wire, shipped with the product: what a driver talks to when there is no hardware. Fails on demand."""
