"""Simulated APNs and FCM with phones: strict, fast enough to measure against; imports nothing of notifier."""
