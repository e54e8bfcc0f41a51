"""What `make bench` measures: the whole path on this machine, beside the frozen yardstick (DESIGN 7, A38)."""
