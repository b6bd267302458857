"""Passes and boards on paper: what stands where in millimetres, then PDF, then pictures of its pages."""
