"""What can be asked: arguments in, one action, its view returned. Nothing heavy is imported here."""
