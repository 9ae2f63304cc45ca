"""Documents made from an evidence folder alone: no engine, no account, no network, no clock."""
