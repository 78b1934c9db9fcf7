"""Settings that staff edit: JSON values by key, checked by a schema, their secrets sealed apart.

Facades register what kinds there are (`kinds.register`). Keys nobody registered may be set as
well: to any value, and only members named like secrets are treated as such.
"""

from oms.accounts.app_settings.kinds import SettingKind, kind_of, listen, register, registered
from oms.accounts.app_settings.queries import (
    SettingNotFound,
    change_of,
    changes_feed,
    is_set,
    setting_by_key,
    setting_by_number,
    settings_feed,
    value_of,
)
from oms.accounts.app_settings.secrets import MASK
from oms.accounts.app_settings.services import (
    SettingInvalid,
    SettingKeyTaken,
    SettingOutdated,
    SettingProblem,
    create_setting,
    remove_setting,
    restore_setting,
    set_setting,
)

__all__ = [
    "MASK",
    "SettingInvalid",
    "SettingKeyTaken",
    "SettingKind",
    "SettingNotFound",
    "SettingOutdated",
    "SettingProblem",
    "change_of",
    "changes_feed",
    "create_setting",
    "is_set",
    "kind_of",
    "listen",
    "register",
    "registered",
    "remove_setting",
    "restore_setting",
    "set_setting",
    "setting_by_key",
    "setting_by_number",
    "settings_feed",
    "value_of",
]
