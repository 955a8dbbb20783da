"""The books as files or on a server: connections, locks, copies, restoring, evidence, history, stages, migrations."""
