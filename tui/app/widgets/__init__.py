"""What screens are made of. Widgets receive clean text only and never open the wallet."""
