"""What other engines' diagrams say in their own dialects: read to propose, never to execute."""
