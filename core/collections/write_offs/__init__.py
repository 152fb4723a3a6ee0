"""Write-offs: debts that are given up, by two people where the amount asks for it, and recovered
when money comes for nothing else."""
