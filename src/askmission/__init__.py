"""AskMission answers questions about study-mission reports in French, English or Korean, and shows its sources."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from askmission.assistant import Assistant as Assistant

__version__ = "0.1.0"
__all__ = ["Assistant"]


def __getattr__(name: str) -> Any:
    """Import `Assistant` when it is asked for, so that `import askmission` stays light."""
    if name == "Assistant":
        from askmission.assistant import Assistant

        return Assistant
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
