"""What is measured, against what, in one run: medians and ratios, since the seconds of a shared machine drift."""
