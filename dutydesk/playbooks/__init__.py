"""The playbook language, its checks and its walker; pure."""
