"""Tests in the shop's language."""
