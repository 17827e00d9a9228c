"""Charts as SVG, drawn on the server: readable from either side, printable, never without the
table of their numbers beside them."""

from web.charts.drawing import Bar, Part, bars, funnel, line, shares
from web.charts.tables import drawn

__all__ = ["Bar", "Part", "bars", "drawn", "funnel", "line", "shares"]
