"""Everything that stands before the routes, outermost first."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.middleware import Middleware

from api.access.callers import Callers
from api.access.deadline import GRACE, Deadline
from api.access.gate import Access
from api.access.guard import LARGEST_BODY, BodyLimit, Failures, KnownHosts, SecurityHeaders
from api.access.keys import KeyRing, steady_clock
from api.access.metrics import Metrics
from api.access.observe import Observed
from api.access.rate import Rate
from api.access.sessions import Sessions

PER_MINUTE = 120  # requests with one key, when no other rate is set


@dataclass(frozen=True, slots=True)
class AccessRules:
    """Who may use the server, and what is kept of it.

    `keys` is the file with keys; None lets everyone in. `https`: people reach the server over https.
    `per_minute` is the rate of one key, or of one address where no key is needed; None is `PER_MINUTE` for a key
    and no bound without keys. `audit` is the audit log, None for none; `keeps_questions` keeps questions in it.
    """

    keys: Path | None = None
    https: bool = False
    per_minute: int | None = None
    audit: Path | None = None
    keeps_questions: bool = False

    def callers(self) -> Callers:
        """How callers are known under these rules, nobody signed in yet."""
        ring = KeyRing(self.keys, steady_clock()) if self.keys else None
        return Callers(ring, Sessions(), self.https)

    def rate(self) -> Rate | None:
        """The rate of one caller; None when there is no bound."""
        per_minute = self.per_minute or (PER_MINUTE if self.keys else None)
        return Rate(per_minute) if per_minute else None


def before_routes(
    rules: AccessRules, callers: Callers, metrics: Metrics, hosts: Sequence[str], deadline: float
) -> list[Middleware]:
    """The middleware of an application; `deadline` is the seconds that an answer may take."""
    return [
        Middleware(SecurityHeaders, https=rules.https),
        Middleware(Observed, metrics, rules.audit, keeps_questions=rules.keeps_questions),
        Middleware(Failures),
        Middleware(KnownHosts, names=hosts),
        Middleware(Access, callers, rules.rate()),
        Middleware(BodyLimit, most=LARGEST_BODY),
        Middleware(Deadline, deadline + GRACE),
    ]
