"""What the BPMN 2.0 schema and text say of a file beyond what it needs to run."""
