"""The supervisors' view as a process of its own: what it asks of the station over a local socket, at either end."""
