"""Two runs compared, each as it was issued or as it was rated; nothing is written.

Both are read chunk by chunk as columns, in one snapshot: memory holds a chunk of each and the sums.
"""
