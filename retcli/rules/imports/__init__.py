"""What an import asks, and what the lines of an order are worth."""
