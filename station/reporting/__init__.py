"""Figures as tables on paper and in spreadsheets."""
