"""What pages and API show: plain selects into frozen rows, always the same number of them."""

from processes.reads.alike import alike
from processes.reads.case import case_page
from processes.reads.cases import cases
from processes.reads.charged import charged_month
from processes.reads.deadline import explained
from processes.reads.definitions import Folders
from processes.reads.diligence import diligence
from processes.reads.filters import Filters
from processes.reads.inbox import inbox
from processes.reads.overdue import overdue
from processes.reads.photo import photo
from processes.reads.reader import Reader
from processes.reads.search import search
from processes.reads.trends import trends

__all__ = [
    "Filters",
    "Folders",
    "Reader",
    "alike",
    "case_page",
    "cases",
    "charged_month",
    "diligence",
    "explained",
    "inbox",
    "overdue",
    "photo",
    "search",
    "trends",
]
