"""What is raised where something cannot go on paper."""


class PrintError(ValueError):
    """Something that cannot be printed as asked; the message names it and the remedy."""
