"""The program: ``cayley``, or ``python -m cayley``.

Signals are taken care of before the command line is imported, which takes a moment.
"""

from cayley._signals import default_on_signals, end_on_signals

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    end_on_signals()
    from cayley.cli import main as run  # after signals are taken care of: see above

    try:
        run()
    finally:
        # All is written or said by now: a signal just ends what is left of the program.
        default_on_signals()


if __name__ == "__main__":
    main()
