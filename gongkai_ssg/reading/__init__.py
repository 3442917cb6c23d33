"""Reading: files → records and findings. Pure functions of bytes, path and options; the scan is the one edge."""
