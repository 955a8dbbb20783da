"""placeholder"""
FILES=()
