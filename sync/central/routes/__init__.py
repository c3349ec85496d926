"""The addresses of the service, a file for each kind of caller; `sync.protocol` lists those of the terminals."""
