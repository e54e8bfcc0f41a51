"""Hypothesis without a deadline: on two busy cores a slow example is no fault of the code."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
