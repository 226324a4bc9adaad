"""``cayley studio``: the workbench in the browser."""
__all__ = ["studio"]
def studio() -> None:
    """Stub."""
