"""What more than one service uses: the contract, the runtime, the packs."""
