"""Bar code scanner drivers, a file each."""
