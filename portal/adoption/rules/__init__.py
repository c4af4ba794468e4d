"""What adoption knows by itself: shares, moves, stalling, lasting, money. Pure: rows in."""
