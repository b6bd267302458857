"""What this software calls itself, to the hub and on screens."""

from importlib.metadata import version

SOFTWARE = f"checkpoint-station {version('checkpoint-station')}"
