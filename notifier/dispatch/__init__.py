"""The shell: use cases over small ports; decides nothing (DESIGN 2)."""
