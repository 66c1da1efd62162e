"""The rows of the one table of rules (`engine/bpmn/rules.py`), by what they are about."""
