"""What the codes on bills say, a file a standard: `recognise` and `parse`. Pure; loaded with the first bill, never at the start."""
