"""Load: what a turn costs, measured beside a bare echo over Kafka and a monolith without any bus."""
