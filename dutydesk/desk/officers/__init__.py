"""Who is at the desk: accounts and roles, PINs, sessions, and what a role may do."""
