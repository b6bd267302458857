"""The words of the trade as frozen values. Nothing here touches a clock, a disk or a network."""
