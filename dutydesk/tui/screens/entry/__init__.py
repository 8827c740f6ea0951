"""Who is at the console: signing in, and the lock."""
