"""A disk that fails when it is told to, and the driver that has commands meet it."""
