"""The hardware: adapters of the ports that kiosk names. Knows kiosk.ports and its own transports, nothing else of the terminal."""
