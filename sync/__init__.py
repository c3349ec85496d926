"""The line to the central service, and the service. A stranger to devices."""
