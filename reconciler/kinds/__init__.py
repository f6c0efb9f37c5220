"""What each resource is, as data: `KINDS`, parents first."""

from reconciler.kinds import (
    application,
    location,
    messaging_application,
    mms,
    number_pool,
    sms,
    sub_account,
    voice_application,
)
from reconciler.kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    application.KIND,
    sub_account.KIND,
    location.KIND,
    sms.KIND,
    mms.KIND,
    messaging_application.KIND,
    voice_application.KIND,
    number_pool.KIND,
)
BY_NAME = {kind.name: kind for kind in KINDS}
