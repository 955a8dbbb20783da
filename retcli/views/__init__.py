"""The results of actions as frozen values, with their JSON, their tables and their sentences."""
