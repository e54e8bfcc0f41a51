"""What `postgres` writes and how PostgreSQL finds it again, apart from what it means."""
