"""The commands: each takes arguments, calls one action and returns its view. Nothing heavy is imported before
a call.
"""
