"""What bears out the numbers of a paper: facts from tables and result files, and the numbers held against them."""
