"""Decision tables: DMN bytes in, a frozen table out, and the answer it gives over data."""

from engine.decision.cells import Cell
from engine.decision.policy import HitPolicy
from engine.decision.read import read_dmn
from engine.decision.table import Answer, Input, Output, Rule, Table

__all__ = ["Answer", "Cell", "HitPolicy", "Input", "Output", "Rule", "Table", "read_dmn"]
