from django.utils.translation import gettext_lazy as _

from leads.kinds import declare

SCORE_REDERIVED = declare("score.rederived", _("Score worked out anew"), group="score", icon="history")
SCORE_ADJUSTED = declare("score.adjusted", _("Score changed by hand"), group="score", icon="sliders-horizontal")
