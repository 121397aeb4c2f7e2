"""What a lead is worth, and why: rules as data, a ledger that can be replayed, points that go away in silence."""
