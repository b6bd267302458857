"""Frame to scan: readers, the order they are tried in, and the repeat guard."""
