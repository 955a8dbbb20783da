"""How a case is judged: its facts, what the law and the shop say to them, what is due, its stages and clocks."""
