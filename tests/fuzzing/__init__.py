"""Fuzzing: what a target does with mutated real input. ``scripts/fuzz`` runs targets for as long as it is told to, the
tests here each for a moment."""
