"""The rows of the table of what BPMN's text asks, by what they are about."""
