"""Benchmarks of gongkai-ssg against Hugo on the same Markdown files."""
