"""Views of the work on cases: queue and groups, offers, clicks, register, evidence, the account for the platform."""
