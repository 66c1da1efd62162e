"""The chain's own nouns: organisation, case files, intake, dispatch, and what diagrams call."""
