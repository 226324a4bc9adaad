"""Break the sentences in what commands and examples print, so that no verdict is cut.

A printed table has to keep its lines, and scrolls where it is wider than the page. A verdict is one
long line, and nobody scrolls to read a sentence. Lines of sentences are marked here, and
``front.css`` lets the browser break them.
"""

import re

_BLOCK = re.compile(
    r'(<div class="highlight-(?:console|pycon|default|text|none)[^"]*">'
    r'<div class="highlight"><pre>)'
    r"(.*?)(?=</pre>)",
    re.DOTALL,
)
_LONGEST = 60  # letters that a block shows without scrolling on a tablet


def break_sentences(app, pagename, templatename, context, doctree):
    """Mark the long lines of sentences in the body of a page."""
    if "body" in context:
        context["body"] = marked(context["body"])


def marked(body):
    """Return the HTML with each long line of a sentence in a ``span`` of class ``sentence``.

    Pygments closes its own elements at the end of every line, so that a line can be enclosed.
    """
    return _BLOCK.sub(lambda found: found[1] + "\n".join(map(_line, found[2].split("\n"))), body)


def _line(line):
    """Return a line, enclosed if it is long and its words are one blank apart, as in sentences."""
    text = re.sub(r"<[^>]*>", "", line)
    text = re.sub(r"&\w+;|&#\d+;", "x", text)
    if len(text) <= _LONGEST or "  " in text.strip():
        return line
    start = re.match(r"(?:<span></span>)?", line).end()
    return f'{line[:start]}<span class="sentence">{line[start:]}</span>'


def setup(app):
    """Connect to Sphinx."""
    app.connect("html-page-context", break_sentences)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
