"""What is offered at TAB."""
