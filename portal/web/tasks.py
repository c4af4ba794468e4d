"""Every night: delete the counts of attempts that count no more."""

from portal.jobs import Progress, task
from portal.web.limit_storage import forget_passed


@task("web.forget_attempts", schedule="20 3")
def forget_attempts(_progress: Progress) -> None:
    """Delete the counts of attempts whose time has passed; safe to run twice."""
    forget_passed()
