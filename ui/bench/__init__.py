"""The bench beside the kiosk: plays with the far sides of the wires and with the power. It never knows the books."""
