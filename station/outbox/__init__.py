"""Ledger to hub, over MQTT."""
