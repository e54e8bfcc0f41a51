"""Kafka: records in and messages out; the only room that knows aiokafka."""
