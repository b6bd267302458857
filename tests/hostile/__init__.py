"""Hostile input of every kind in turn, at a running broker, hub and station with traffic: ``scripts/soak hostile``.

``run.py`` plays the turns, ``monitor.py`` watches meanwhile, ``totals.py`` and ``verdict.py`` judge at the end."""
