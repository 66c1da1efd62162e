"""Generic durable BPMN runtime: knows no case, no whistle, no HTTP."""
