"""Finders: each looks for one fault in a drawn process and yields the places where it is."""
