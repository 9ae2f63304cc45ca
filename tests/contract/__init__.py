"""What every engine has to fulfil, proved on made-up worlds."""
