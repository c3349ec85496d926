"""Payment terminal drivers, a file each."""
