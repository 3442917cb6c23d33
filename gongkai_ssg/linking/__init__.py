"""Linking: what needs the whole site. Works on rows in the store; a clean item costs it nothing but SQL."""

from gongkai_ssg.linking.link import Day, let_pass, link

__all__ = ["Day", "let_pass", "link"]
