"""What a shift does beside the lanes: incidents and orders. It belongs to the station, and no lane waits for it."""
