"""Columns that hold what was stated: the parts of an upsert that come out the same in whatever order it was told.
``{table}`` is left for the table's name."""


def first(column: str) -> str:
    """What was said once stays said."""
    return f"{column} = case when {{table}}.{column} = '' then excluded.{column} else {{table}}.{column} end"


def newest(column: str) -> str:
    """What a later row of the ledger said holds; ``<column>_seq`` is that row."""
    later = f"excluded.{column}_seq > {{table}}.{column}_seq"
    pair = (column, f"{column}_seq")
    return ", ".join(f"{each} = case when {later} then excluded.{each} else {{table}}.{each} end" for each in pair)
