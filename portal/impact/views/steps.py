"""What the forms of impact share: how one is shown on a page of its own."""

from functools import partial

from portal.web import steps

show = partial(steps.show, section="Impact")
