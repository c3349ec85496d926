"""QObjects: properties and slots over services. No SQL, no input or output, no decisions."""
