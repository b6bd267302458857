"""MQTT 5 on the wire, for those who carry thousands of messages a second: the collector, and simulated stations."""
