"""Dunning: what is done, level by level, about debts that are overdue.

A policy is data (`policy`); which one an account has says its class (`policies`). What an account
owes that may be dunned is read off the allocation's fold (`owing`); whether anything is to be done
about it is a pure function (`judging`). A sweep looks from a snapshot and decides in the accounts'
turn (`sweeping`), so that nothing is done about money that was paid before. What was done is never
changed (`acting`); `explaining` says why, or why not.
"""
