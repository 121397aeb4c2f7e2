from django.utils.translation import gettext_lazy as _

from accounts import notices
from leads.kinds import declare

SCORE_REDERIVED = declare("score.rederived", _("Score worked out anew"), group="score", icon="history")
SCORE_ADJUSTED = declare("score.adjusted", _("Score changed by hand"), group="score", icon="sliders-horizontal")

# What is said of the rules without a lead.
MODEL_WAITS = notices.declare("model.waits")
MODEL_IN_FORCE = notices.declare("model.in_force")
