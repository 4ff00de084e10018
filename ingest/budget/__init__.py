"""Budget figures read from explanations (BBT) into a ledger, each with the span of its cell.

codes        article codes in every spelling, and which known ones a spelling can mean
records      what a ledger holds
"""
