"""An ICS asks to meet an innovator; a HIN brokers it; it ends in an outcome."""
