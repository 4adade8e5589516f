"""A bar chart as SVG, readable on light and dark backgrounds."""

import math
from html import escape

WIDTH = 900
LABELS = 350
# Where the longest bar ends; its value is beside it.
END = 800
TOP = 44
ROW = 26

STYLE = """
    .bar { fill: #8c959f; }
    .ours { fill: #0969da; }
    .grid { stroke: #d0d7de; }
    text { fill: #1f2328; }
    .small { font-size: 12px; fill: #57606a; }
    @media (prefers-color-scheme: dark) {
      .bar { fill: #6e7681; }
      .ours { fill: #58a6ff; }
      .grid { stroke: #30363d; }
      text { fill: #e6edf3; }
      .small { fill: #8b949e; }
    }
"""


def chart(title, unit, bars, logarithmic):
    """`bars` are labels with a value, its text, and whether it is of this program."""
    description = f"{unit}: " + "; ".join(f"{label}: {text}" for label, _, text, _ in bars)
    height = TOP + ROW * len(bars) + 34
    place, ticks = scale([value for _, value, _, _ in bars], logarithmic)
    bottom = TOP + ROW * len(bars)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="title description" '
        'font-family="system-ui, sans-serif" font-size="14">',
        f'  <title id="title">{escape(title)}</title>',
        f'  <desc id="description">{escape(description)}</desc>',
        f"  <style>{STYLE}  </style>",
        f'  <text x="10" y="22" font-weight="600">{escape(title)}</text>',
    ]
    for tick in ticks:
        lines.append(f'  <path class="grid" d="M{place(tick):.0f} {TOP - 6}V{bottom}"/>')
        lines.append(f'  <text class="small" x="{place(tick):.0f}" y="{bottom + 16}" text-anchor="middle">{tick:,g}</text>')
    lines.append(f'  <text class="small" x="{LABELS - 10}" y="{bottom + 16}" text-anchor="end">{escape(unit)}</text>')
    for number, (label, value, text, is_ours) in enumerate(bars):
        y = TOP + ROW * number
        end = place(value)
        lines.append(f'  <text x="{LABELS - 10}" y="{y + 15}" text-anchor="end">{escape(label)}</text>')
        # Also the least value has a bar.
        lines.append(f'  <rect class="{"ours" if is_ours else "bar"}" x="{LABELS}" y="{y + 2}" width="{max(2, end - LABELS):.0f}" height="18"/>')
        lines.append(f'  <text x="{max(LABELS + 2, end) + 6:.0f}" y="{y + 15}">{escape(text)}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def scale(values, logarithmic):
    """Where a value is, and the values of the grid."""
    if not logarithmic:
        step = 10 ** math.floor(math.log10(max(values)))
        ticks = [step * number for number in range(math.floor(max(values) / step) + 1)]
        return lambda value: LABELS + (END - LABELS) * value / max(values), ticks
    first = math.floor(math.log10(min(values)))
    last = max(math.log10(max(values)), first + 1)
    ticks = [10.0**power for power in range(first, math.floor(last) + 1)]
    return lambda value: LABELS + (END - LABELS) * (math.log10(value) - first) / (last - first), ticks
