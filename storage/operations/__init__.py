"""Slots, schedulers, alarms, health: the state of running for years."""
