"""The studio: tables opened, edited, completed and looked at in the browser.

``run_studio`` serves one page with NiceGUI (the extra ``[studio]``), to this machine only unless
told otherwise. Each run is a process of its own: the page stays alive whatever becomes of it, and
visitors do not wait for each other. What visitors send stays in memory; their file names are never
paths. A state travels in a link: :func:`encode_state` and :func:`decode_state`.

Example:
    >>> from cayley.studio import Limits, State, decode_state, encode_state
    >>> from cayley.tables import generate_family
    >>> text = encode_state(State(table=generate_family("S3")))
    >>> decode_state(text, limits=Limits()).table == generate_family("S3")
    True
"""

from cayley.studio._limits import Limits
from cayley.studio._server import run_studio
from cayley.studio._state import State, decode_state, encode_state

__all__ = ["Limits", "State", "decode_state", "encode_state", "run_studio"]
