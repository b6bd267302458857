"""Stations that are not there, saying what real ones would: by a seed, with faults, and with the truth known."""
