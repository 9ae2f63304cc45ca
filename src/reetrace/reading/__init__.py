"""What an evidence folder says, for whatever shows it: numbers in words, findings, pixels."""
