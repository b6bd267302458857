"""Checkpoint Station: reads passes at a road checkpoint, decides, records and counts every passage."""
