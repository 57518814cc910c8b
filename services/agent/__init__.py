"""The agent: runs turns. Understand, decide, say; owns sessions and the ledger of endings."""
