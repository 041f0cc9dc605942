"""What administers topics and the cluster: decided as Kafka's authorizer decides it, API by API."""
