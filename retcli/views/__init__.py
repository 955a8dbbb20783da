"""What is shown: frozen results of actions, as JSON, as tables, as sentences."""
