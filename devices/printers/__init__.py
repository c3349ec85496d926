"""Receipt printer drivers, a file each."""
