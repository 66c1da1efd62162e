"""The fence: SpiffWorkflow is imported in this folder and nowhere else."""
