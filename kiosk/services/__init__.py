"""One file a use case, over domain, ports and runtime. Never imports storage: it knows the ports that storage implements."""
