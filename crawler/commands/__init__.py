"""The command line's commands, a module for each group: options to calls, results to text. No logic."""
