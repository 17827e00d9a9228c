"""Where an unforeseen exception rose, for logs that must not hold personal data."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent


def fault_frames(error: BaseException) -> list[str]:
    """`file:line` of this project's frames where `error` rose, outermost first, then its causes'.

    No values and no messages: an exception's text may quote personal data. Of the libraries' frames
    only the innermost one of each exception is named.
    """
    places: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        if places:
            places.append(f"because of {type(current).__name__}")
        trace = current.__traceback__
        while trace is not None:
            path = Path(trace.tb_frame.f_code.co_filename)
            own = path.is_relative_to(_ROOT) and "site-packages" not in path.parts
            if own or trace.tb_next is None:
                places.append(f"{path.relative_to(_ROOT) if own else path.name}:{trace.tb_lineno}")
            trace = trace.tb_next
        current = current.__cause__ or current.__context__
    return places


def fault_line(error: BaseException) -> str:
    """The class of `error` and its frames, as one line of a log."""
    return f"{type(error).__name__} at {' > '.join(fault_frames(error))}"
