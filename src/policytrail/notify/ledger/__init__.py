"""The database of deliveries, which is also the queue."""
