"""Pairs of hot transactions on real PostgreSQL, the first paused at each of its statements."""
