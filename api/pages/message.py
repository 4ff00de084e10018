"""The pages that say that something is not there, or went wrong."""

from api.pages.environment import render


def not_ready(reason: str) -> str:
    """The page that says that there is no corpus yet, and how to get one."""
    return render("not_ready.html", reason=reason)


def failure(title: str, detail: str) -> str:
    """The page that tells a person what went wrong."""
    return render("failure.html", title=title, detail=detail)
