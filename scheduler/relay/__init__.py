"""The relay: a case goes to the whole network without its person, and whoever takes it first has it."""
