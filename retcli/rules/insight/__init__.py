"""Figures of the analysis: shares, rates and their intervals, speeds."""
