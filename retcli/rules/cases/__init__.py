"""What is done with a case besides judging it: the ladder of offers, answers to inquiries, registers, evidence."""
