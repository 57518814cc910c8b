"""Real servers from Python packages: Kafka, Postgres and Redis without Docker."""
