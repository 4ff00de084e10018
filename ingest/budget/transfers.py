def transfers(d,s,c):
    return (),()
