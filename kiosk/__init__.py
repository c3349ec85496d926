"""What the terminal does: owns every decision and every book. No Qt, no hardware, no network."""
