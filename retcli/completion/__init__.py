"""What a shell offers at TAB, answered alone and before the program loads: no Typer, no database library."""
