"""Lines that fail on demand, over real sockets of this machine: for the bench, `kiosk simulate` and the tests. Knows the wire alone."""
