"""The pages about who belongs to a network: people, organisations, who takes which topic, who may do what, rules, board."""
