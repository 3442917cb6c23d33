"""Linking: what needs the whole site. Works on rows in the store; a clean item costs it nothing but SQL."""

from gongkai_ssg.linking.link import Day, link

__all__ = ["Day", "link"]
