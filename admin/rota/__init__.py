"""The rota as coordinators work it: who stands where, who is missing, what a change would do, and the weeks to come."""
