"""Budget figures and reallocations read from explanations (BBT) into a ledger, each with its span.

    codes -> sections -> header, rows, grid -> values -> cells, totals, breakdowns, loose
             statements -> amounts, moves, sides -> transfers                          -> ledger -> identities

What cannot be read with certainty is a value too (`Doubt`, `Unread`); nothing here raises.
"""
