"""What a shared gym keeps beside its runs: who may do what, what was done, and what was set.

Every statement is one transaction of the caller's or its own, and time is the database's: the
clocks of the machines that share it do not matter.
"""
