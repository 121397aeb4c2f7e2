from django.urls import path

from scoring.views import agreeing, at_date, behind, by_hand, model, studio, trials

PAUSE, GO_ON, CANCEL = {"act": "pause"}, {"act": "resume"}, {"act": "cancel"}
urlpatterns = [
    path("scoring/", model.scoring_model, name="scoring_model"),
    path("scoring/models/", studio.models, name="scoring_models"),
    path("scoring/models/new/", studio.draft_new, name="scoring_draft_new"),
    path("scoring/models/<int:version>/", studio.version, name="scoring_version"),
    path("scoring/models/<int:version>/settings/", studio.settings, name="scoring_settings"),
    path("scoring/models/<int:version>/rules/new/", studio.rule_new, name="scoring_rule_new"),
    path("scoring/models/<int:version>/rules/<slug:code>/", studio.rule, name="scoring_rule"),
    path("scoring/models/<int:version>/rules/<slug:code>/drop/", studio.rule_drop, name="scoring_rule_drop"),
    path("scoring/models/<int:version>/drop/", studio.draft_drop, name="scoring_draft_drop"),
    path("scoring/models/<int:version>/try/", studio.try_lead, name="scoring_try"),
    path("scoring/models/<int:version>/backtest/", trials.backtest_start, name="scoring_backtest_start"),
    path("scoring/models/<int:version>/sign/", agreeing.model_sign, name="scoring_sign"),
    path("scoring/models/<int:version>/publish/", agreeing.model_publish, name="scoring_publish"),
    path("scoring/models/<int:version>/roll-back/", agreeing.model_roll_back, name="scoring_roll_back"),
    path("scoring/models/backtests/<int:job_id>/", trials.backtest, name="scoring_backtest"),
    path("scoring/models/backtests/<int:job_id>/leads/", behind.of_trial, name="scoring_backtest_leads"),
    path("scoring/models/backtests/<int:job_id>/adopt/", trials.backtest_adopt, name="scoring_backtest_adopt"),
    path("scoring/models/backtests/<int:job_id>/pause/", trials.steer, PAUSE, name="scoring_backtest_pause"),
    path("scoring/models/backtests/<int:job_id>/resume/", trials.steer, GO_ON, name="scoring_backtest_resume"),
    path("scoring/models/backtests/<int:job_id>/cancel/", trials.steer, CANCEL, name="scoring_backtest_cancel"),
    path("scoring/models/rescoring/<int:job_id>/", agreeing.rescoring, name="scoring_rescoring"),
    path("scoring/models/rescoring/<int:job_id>/leads/", behind.of_rescoring, name="scoring_rescoring_leads"),
    path("scoring/models/rescoring/<int:job_id>/pause/", agreeing.steer, PAUSE, name="scoring_rescoring_pause"),
    path("scoring/models/rescoring/<int:job_id>/resume/", agreeing.steer, GO_ON, name="scoring_rescoring_resume"),
    path("scoring/leads/<int:lead_id>/older/", by_hand.score_older, name="score_older"),
    path("scoring/leads/<int:lead_id>/on/", at_date.score_on, name="score_on"),
    path("scoring/leads/<int:lead_id>/adjust/", by_hand.score_adjust, name="score_adjust"),
]
