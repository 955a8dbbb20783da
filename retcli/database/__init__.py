"""Where the books lie: the engine, its rules, and the schema's history."""
