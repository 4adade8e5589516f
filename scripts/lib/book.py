"""Prepares docs/ for mdBook, and checks the links of the book that it made.

usage: book.py prepare DOCS SOURCE REPOSITORY     SOURCE gets the pages and a SUMMARY.md made from the index
       book.py check BOOK                         every relative link of the HTML leads to a file and an id
"""

import html.parser
import pathlib
import re
import shutil
import sys
import urllib.parse

LINK = re.compile(r"\]\(([^)\s]+)\)")


def title_of(page):
    return page.read_text(encoding="utf-8").split("\n", 1)[0].lstrip("# ").replace("`", "")


def summary_of(source):
    """The index's sections become parts, and each page that they name an entry, once."""
    seen = {"index.md"}
    lines = ["# Summary", "", f"[{title_of(source / 'index.md')}](index.md)"]
    for line in (source / "index.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            lines += ["", f"# {line[3:]}", ""]
        for target in LINK.findall(line) if line.startswith("- ") else []:
            if "://" in target or target in seen:
                continue
            seen.add(target)
            lines.append(f"- [{title_of(source / target)}]({target})")
            if target.endswith("/index.md"):
                folder = (source / target).parent
                below = sorted(page for page in folder.glob("*.md") if page.name != "index.md")
                lines += [f"  - [{title_of(page)}]({page.relative_to(source)})" for page in below]
    return "\n".join(lines) + "\n"


def prepare(docs, source, repository):
    shutil.copytree(docs, source)
    for page in list(source.rglob("*.md")):
        folder = (docs / page.relative_to(source)).parent

        def in_book(link):
            path = link[1]
            target = (folder / path.split("#")[0]).resolve()
            if "://" in path or path.startswith("#"):
                return link[0]
            if target.is_relative_to(docs):
                return link[0].replace("README.md", "index.md")
            # What is not in the book is in the repository.
            return f"]({repository}/blob/main/{target.relative_to(docs.parent)})"

        page.write_text(LINK.sub(in_book, page.read_text(encoding="utf-8")), encoding="utf-8")
        if page.name == "README.md":
            page.rename(page.with_name("index.md"))
    (source / "SUMMARY.md").write_text(summary_of(source), encoding="utf-8")


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.ids, self.links = set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids.add(attributes.get("id"))
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"])


def check(book):
    # print.html repeats all pages, 404.html has an address of its own.
    pages = {path: Page(path) for path in book.rglob("*.html") if path.name not in ("print.html", "404.html", "toc.html")}
    checked, dead = 0, []
    for path, page in pages.items():
        for link in page.links:
            parts = urllib.parse.urlsplit(link)
            if parts.scheme:
                continue
            checked += 1
            target = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
            known = pages.get(target)
            if not target.exists() or (parts.fragment and known and urllib.parse.unquote(parts.fragment) not in known.ids):
                dead.append(f"{path.relative_to(book)}: {link}")
    if dead or checked < 150:
        sys.exit("\n".join([f"{checked} links, {len(dead)} are dead:", *sorted(set(dead))]))
    print(f"{checked} links in {len(pages)} pages of the book lead somewhere")


command, *arguments = sys.argv[1:]
if command == "prepare":
    prepare(pathlib.Path(arguments[0]).resolve(), pathlib.Path(arguments[1]), arguments[2])
else:
    check(pathlib.Path(arguments[0]).resolve())
