"""What an operator looks at: alarms, doctor, coverage, gaps, politeness, metrics."""
