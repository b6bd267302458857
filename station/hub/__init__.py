"""The district's machine: what the stations say comes in, is stored, and is counted; who is told what goes out."""
