"""notifier: from an e-service event in Kafka to a push with the right badge, exactly accounted for."""
