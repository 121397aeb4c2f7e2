"""The pages of scoring: the model in force, the studio, trials, publishing, points by hand."""
