"""Every kind of page."""

from gongkai_ssg.pages.catalog import CatalogPages
from gongkai_ssg.pages.copies import Copies
from gongkai_ssg.pages.data import DataFiles
from gongkai_ssg.pages.extras import Extras
from gongkai_ssg.pages.feeds import Feeds
from gongkai_ssg.pages.guides import GuidePages
from gongkai_ssg.pages.home import HomePage
from gongkai_ssg.pages.items import ItemPages
from gongkai_ssg.pages.page import Planner
from gongkai_ssg.pages.policies import PolicyPages
from gongkai_ssg.pages.search import SearchPages, SearchWords
from gongkai_ssg.pages.tiers import SearchTiers
from gongkai_ssg.pages.units import UnitPages
from gongkai_ssg.pages.ways import TopicPages, YearPages

PLANNERS: tuple[Planner, ...] = (
    ItemPages(),
    Copies(),
    CatalogPages(),
    UnitPages(),
    YearPages(),
    TopicPages(),
    PolicyPages(),
    GuidePages(),
    HomePage(),
    Feeds(),
    DataFiles(),
    Extras(),
    SearchPages(),
    SearchWords(),
    SearchTiers(),
)
"""A new kind is a new planner in this list."""
