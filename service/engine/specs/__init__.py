"""SpiffWorkflow's spec classes, each behind our Node."""
