"""Tests of the lanes to Apple and Google, against simulators that are processes of their own."""
